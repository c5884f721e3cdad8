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

std::vector<std::string> not_modelled(const Scenario& scenario) {
    std::vector<std::string> missing;
    if (scenario.fidelity.card == CardLevel::live) {
        missing.emplace_back("network: link queues are unbounded (no credits)");
        missing.emplace_back("card: the on-chip network between ports and slices does not block");
        missing.emplace_back("card: stores do not wait for HBM; a kernel's end does");
        return missing;
    }
    if (scenario.fidelity.network == NetworkLevel::packet) {
        missing.emplace_back("network: link queues are unbounded (no credits, PFC or ECN)");
        missing.emplace_back("network: the reduction of a collective costs no time on the card");
    } else {
        missing.emplace_back("network: different collectives do not slow each other down");
        missing.emplace_back("network: the reduction of a collective costs no time on the card");
    }
    if (std::holds_alternative<TrainingWorkload>(scenario.workload)) {
        missing.emplace_back("card: roofline; communication does not take cores or HBM bandwidth from kernels");
        missing.emplace_back("workload: data loading, checkpoints, host time and stragglers");
    }
    if (std::holds_alternative<OverlapWorkload>(scenario.workload)) {
        missing.emplace_back("card: communication does not take cores or HBM bandwidth from kernels");
    }
    return missing;
}

}  // namespace myriad
