// The Network interface where every message is simulated. One executor a communicator; schedules are generated, shared
// by all ranks and kept per operation.

#include "interconnect/collective/message_network.h"

#include "interconnect/collective/make_schedule.h"

#include <algorithm>

namespace myriad {

MessageNetwork::MessageNetwork(const Topology& topology, Agenda& agenda, ComponentId self, Transport& transport)
    : topology_(topology), agenda_(agenda), self_(self), transport_(transport) {
    agenda.enroll(self, *this);
}

CommunicatorId MessageNetwork::create_communicator(CommunicatorSpec spec) {
    auto communicator = std::make_unique<Communicator>();
    communicator->shape = shape_of_group(topology_, spec);
    communicator->executor = std::make_unique<CollectiveExecutor>(spec.cards, transport_);
    communicator->spec = std::move(spec);
    communicators_.push_back(std::move(communicator));
    return CommunicatorId{static_cast<std::uint32_t>(communicators_.size() - 1)};
}

const Schedule& MessageNetwork::schedule_for(Communicator& communicator, const CollectiveCall& call) {
    const CommunicatorSpec& spec = communicator.spec;
    const std::int64_t size = depends_on_size(call.op, spec.algorithm) ? call.size.count() : 0;
    auto& schedule = communicator.schedules[{call.op, call.root, size}];
    if (!schedule) {
        const AlgorithmChoice choice = choose_algorithm(call.op, spec.algorithm, communicator.shape);
        schedule = make_schedule({call.op, choice.algorithm, communicator.shape, call.root, call.size});
        const bool told = std::any_of(choices_.begin(), choices_.end(), [&](const AlgorithmNote& note) {
            return note.group == spec.name && note.op == call.op;
        });
        if (!told) {
            choices_.push_back({spec.name, call.op, choice});
        }
    }
    return *schedule;
}

void MessageNetwork::collective(CommunicatorId communicator, int rank, const CollectiveCall& call, Completion done) {
    Communicator& group = *communicators_[static_cast<std::size_t>(communicator)];
    group.executor->start(rank, schedule_for(group, call), call.size, done);
}

void MessageNetwork::send(CardId from, CardId to, Bytes size, std::uint64_t tag, Completion done) {
    transport_.post(from, to, size, matching_.send(from, to, tag, done), Arrival::store, *this);
}

void MessageNetwork::on_arrival(CardId /*from*/, CardId /*to*/, std::uint64_t tag) {
    matching_.arrived(static_cast<PointToPoint::MessageId>(tag));
}

void MessageNetwork::receive(CardId at, CardId from, std::uint64_t tag, Completion done) {
    if (matching_.receive(at, from, tag, done)) {
        ready_.push_back(done);
        agenda_.schedule(agenda_.now(), Phase::deliver, self_, self_, 0);
    }
}

void MessageNetwork::on_agenda(const AgendaRecord& /*record*/) {
    const Completion done = ready_.front();
    ready_.erase(ready_.begin());
    done();
}

bool MessageNetwork::idle() const {
    return matching_.unmatched() == 0 && matching_.in_flight() == 0 &&
           std::all_of(communicators_.begin(), communicators_.end(),
                       [](const auto& communicator) { return communicator->executor->idle(); });
}

std::string MessageNetwork::waiting_text() const {
    std::string text;
    for (const auto& communicator : communicators_) {
        if (!communicator->executor->idle()) {
            text += communicator->spec.name + ": " + communicator->executor->waiting_text() + "\n";
        }
    }
    if (matching_.unmatched() > 0 || matching_.in_flight() > 0) {
        text += "point to point: " + std::to_string(matching_.in_flight()) + " messages under way, " +
                std::to_string(matching_.unmatched()) + " sends or receives without their other half\n" +
                matching_.waiting_text();
    }
    return text;
}

}  // namespace myriad
