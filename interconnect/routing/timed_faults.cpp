// Steps of links in the agenda, one record each. They come last among what is delivered at their instant: what arrives
// then has got through.

#include "interconnect/routing/timed_faults.h"

namespace myriad {

TimedFaults::TimedFaults(Topology& topology, Router& router, Agenda& agenda, ComponentId self,
                         std::vector<LinkStep> steps, ChangeableNetwork& network)
    : topology_(topology), router_(router), agenda_(agenda), self_(self), steps_(std::move(steps)), network_(network) {
    agenda_.enroll(self_, *this);
}

void TimedFaults::start() {
    for (std::size_t s = 0; s < steps_.size(); ++s) {
        agenda_.schedule(TimePoint{steps_[s].at}, Phase::deliver, self_, self_, s);
    }
}

void TimedFaults::on_agenda(const AgendaRecord& record) {
    const LinkStep& step = steps_[record.payload];
    for (const LinkState& state : step.links) {
        network_.set_link(state);
    }
    if (!step.routed.empty()) {
        apply_routed(topology_, step);
        router_.topology_changed();
        network_.routes_changed();
    }
}

}  // namespace myriad
