// Naming and ranking of links.

#include "app/run/network_report.h"

#include <algorithm>

namespace myriad {

std::vector<LinkRow> link_rows(const Topology& topology, const std::vector<LinkUse>& use, Picoseconds elapsed) {
    std::vector<LinkRow> rows;
    rows.reserve(use.size());
    for (const LinkUse& link : use) {
        const Edge& edge = topology.edges[index(link.way.edge)];
        const bool forward = link.way.direction == 0;
        const LinkClass& link_class = topology.link_classes[edge.link_class];
        LinkRow row;
        row.from = topology.nodes[index(forward ? edge.a : edge.b)].name;
        row.to = topology.nodes[index(forward ? edge.b : edge.a)].name;
        row.link_class = link_class.name;
        row.bandwidth = link_class.bandwidth;
        row.use = link;
        row.utilisation = elapsed.count() > 0 ? seconds(link.busy) / seconds(elapsed) : 0.0;
        rows.push_back(std::move(row));
    }
    // Equal ones stay in the order of edges, so that the order is the same everywhere.
    std::stable_sort(rows.begin(), rows.end(),
                     [](const LinkRow& a, const LinkRow& b) { return a.utilisation > b.utilisation; });
    return rows;
}

namespace {

void add_card(const FidelityConfig& fidelity, std::vector<std::string>& missing) {
    if (!fidelity.interference) {
        missing.push_back(std::string("card: ") + (fidelity.card == CardLevel::tile ? "tile" : "roofline") +
                          "; communication does not take cores or HBM bandwidth from kernels");
        return;
    }
    missing.emplace_back("card: a kernel that loses cores or HBM bandwidth slows in proportion; it is not cut anew");
    if (fidelity.network != NetworkLevel::packet) {
        missing.emplace_back("card: collectives take cores, but no HBM bandwidth, and kernels do not slow them down");
    }
}

std::string queues_text(const QueueingConfig& queueing) {
    if (queueing.control.paced()) {
        return "network: pauses (PFC) by priority; there is one lossless class";
    }
    if (queueing.control.modelled && queueing.control.ethernet) {
        return "network: marks (ECN) are counted, but senders do not slow down for them (no 'dcqcn' in the fabric)";
    }
    return queueing.control.modelled ? "network: queues of Ethernet links are unbounded (no PFC or ECN)"
                                     : "network: link queues are unbounded (no credits, PFC or ECN)";
}

}  // namespace

std::vector<std::string> not_modelled(const Scenario& scenario) {
    std::vector<std::string> missing;
    if (scenario.fidelity.card == CardLevel::live) {
        missing.push_back(queues_text(scenario.fidelity.queueing));
        missing.emplace_back("card: the on-chip network between ports and slices does not block");
        missing.emplace_back("card: stores do not wait for HBM; a kernel's end does");
        return missing;
    }
    if (scenario.fidelity.network == NetworkLevel::packet) {
        missing.push_back(queues_text(scenario.fidelity.queueing));
        missing.emplace_back("network: the reduction of a collective costs no time on the card");
    } else if (scenario.fidelity.network == NetworkLevel::flow) {
        missing.emplace_back(
            "network: no queues: bandwidth is shared fairly at every instant, a packet waits for none");
        missing.emplace_back("network: the reduction of a collective costs no time on the card");
    } else {
        missing.emplace_back("network: different collectives do not slow each other down");
        missing.emplace_back("network: the reduction of a collective costs no time on the card");
    }
    const FabricRouting routing = scenario.cluster.cluster.routing;
    const bool by_packet = routing == FabricRouting::spray || routing == FabricRouting::adaptive;
    if (by_packet && scenario.fidelity.network != NetworkLevel::packet) {
        missing.emplace_back("network: packets do not choose their way; messages are spread over all in equal shares");
    }
    if (const auto* training = std::get_if<TrainingWorkload>(&scenario.workload)) {
        add_card(scenario.fidelity, missing);
        missing.emplace_back(training->plan.host_issue.count() > 0
                                 ? "workload: data loading, checkpoints and stragglers"
                                 : "workload: data loading, checkpoints, host time and stragglers");
    }
    if (std::holds_alternative<InferenceWorkload>(scenario.workload)) {
        add_card(scenario.fidelity, missing);
        missing.emplace_back("workload: arrivals, host time between steps, growth of the cache from step to step");
    }
    if (std::holds_alternative<OverlapWorkload>(scenario.workload)) {
        add_card(scenario.fidelity, missing);
    }
    return missing;
}

}  // namespace myriad
