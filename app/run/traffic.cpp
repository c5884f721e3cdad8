// A flow is a copy from card to card; its completion time counts from the start of all to the arrival of its last byte.

#include "app/run/traffic.h"

#include "app/run/collective_bound.h"
#include "sim/error/error.h"

#include <algorithm>
#include <map>

namespace myriad {

namespace {

// When each flow has ended. One word a flow: there may be millions.
struct Ends {
    Agenda& agenda;
    Summary completion{};
    std::vector<Picoseconds> times{};
    const std::vector<TrafficFlow>* flows = nullptr;
    RankLog* log = nullptr;

    static void note(void* self, std::uint64_t flow) {
        auto& ends = *static_cast<Ends*>(self);
        if (ends.log != nullptr) {
            ends.draw((*ends.flows)[flow]);
        }
        const Picoseconds time = ends.agenda.now().time_since_epoch();
        ends.times.push_back(time);
        ends.completion.add(time.count());
    }

    void draw(const TrafficFlow& flow) const {
        Slice slice;
        slice.end = agenda.now();
        slice.label = slice.kind = "flow";
        slice.bytes = flow.size.count();
        slice.to_card = index(flow.to);
        log->add_of_card(flow.from, "flows sent", slice);
        slice.to_card = -1;
        slice.from_card = index(flow.from);
        log->add_of_card(flow.to, "flows received", slice);
    }
};

// The smallest of the times such that at least `percent` of all are not above it; `times` is sorted and not empty.
Picoseconds percentile(const std::vector<Picoseconds>& times, std::size_t percent) {
    const std::size_t rank = (times.size() * percent + 99) / 100;
    return times[std::max<std::size_t>(rank, 1) - 1];
}

}  // namespace

Picoseconds traffic_lower_bound(const Topology& topology, const std::vector<TrafficFlow>& flows) {
    std::map<CardId, Bytes> sent;
    std::map<CardId, Bytes> received;
    for (const TrafficFlow& flow : flows) {
        sent[flow.from] += flow.size;
        received[flow.to] += flow.size;
    }
    Picoseconds bound{0};
    for (const auto* side : {&sent, &received}) {
        for (const auto& [card, bytes] : *side) {
            const Picoseconds busy = transfer_time_floor(bytes, injection_bandwidth(topology, card));
            bound = std::max(bound, busy + shortest_latency(topology, card));
        }
    }
    return bound;
}

TrafficReport run_traffic(Platform& platform, const TrafficWorkload& workload, RankLog* log) {
    MYRIAD_CHECK(platform.agenda().now() == TimePoint{}, "traffic runs on a fresh platform");
    const std::vector<TrafficFlow> flows = make_traffic(workload.traffic);
    TrafficReport report;
    report.traffic = workload.traffic;
    report.flows = static_cast<std::int64_t>(flows.size());
    report.lower_bound = traffic_lower_bound(platform.topology(), flows);
    Ends ends{platform.agenda()};
    ends.times.reserve(flows.size());
    ends.flows = &flows;
    ends.log = log;
    for (std::size_t number = 0; number < flows.size(); ++number) {
        const TrafficFlow& flow = flows[number];
        report.bytes += flow.size;
        platform.copy({flow.from, flow.to, flow.size}, {&Ends::note, &ends, number});
    }
    platform.run();
    if (ends.times.size() != flows.size()) {
        throw LawError("every operation issued has finished", "traffic",
                       std::to_string(flows.size() - ends.times.size()) + " flows have not ended");
    }
    std::sort(ends.times.begin(), ends.times.end());
    report.makespan = ends.times.back();
    report.mean = Picoseconds{static_cast<std::int64_t>(ends.completion.mean())};
    report.first = ends.times.front();
    report.median = percentile(ends.times, 50);
    report.p90 = percentile(ends.times, 90);
    report.p99 = percentile(ends.times, 99);
    if (report.makespan < report.lower_bound) {
        throw LawError("result >= lower bound", "traffic",
                       std::to_string(report.makespan.count()) + " ps is below " +
                           std::to_string(report.lower_bound.count()) + " ps");
    }
    return report;
}

IterationReport run_iteration(Platform& platform, const IterationWorkload& workload, SpanSink* spans) {
    Iteration iteration(workload.iteration, platform.network(), platform.agenda(),
                        ComponentId{platform.first_free_component()}, spans);
    iteration.start();
    platform.run();
    if (!iteration.finished()) {
        std::vector<std::string> held;
        platform.check_laws(held);  // names what is stuck
        throw LawError("every operation issued has finished", "iteration", "a rank is not done");
    }
    IterationReport report{workload.iteration, iteration.result()};
    if (report.result.time < report.result.compute) {
        throw LawError("result >= lower bound", "iteration",
                       std::to_string(report.result.time.count()) + " ps is below the compute time of " +
                           std::to_string(report.result.compute.count()) + " ps");
    }
    return report;
}

}  // namespace myriad
