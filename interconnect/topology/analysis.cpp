// Counts and injection bandwidths; distances and bisection are in files of their own.

#include "interconnect/topology/analysis.h"

#include <algorithm>
#include <array>
#include <limits>

namespace myriad {
namespace {

constexpr std::size_t kNodeKinds = 5;

bool carries_icn(NodeKind kind) { return kind == NodeKind::card || kind == NodeKind::icn_switch; }

void count(const Topology& topology, TopologyAnalysis& result) {
    std::array<std::int64_t, kNodeKinds> kinds{};
    for (const Node& node : topology.nodes) {
        ++kinds[static_cast<std::size_t>(node.kind)];
    }
    for (std::size_t kind = 0; kind < kNodeKinds; ++kind) {
        if (kinds[kind] > 0) {
            result.nodes.push_back({static_cast<NodeKind>(kind), kinds[kind]});
        }
    }
    for (const LinkClass& link_class : topology.link_classes) {
        result.links.push_back({link_class, 0});
    }
    for (const Edge& edge : topology.edges) {
        ++result.links[edge.link_class].count;
    }
}

// Bandwidth out of `node` over links to nodes of a kind.
template <class Accept>
BytesPerSecond bandwidth_to(const Topology& topology, NodeId node, Accept accept, std::int64_t* bonded = nullptr) {
    BytesPerSecond sum{};
    const std::size_t ports = topology.nodes[index(node)].ports.size();
    for (std::size_t port = 0; port < ports; ++port) {
        const Step step = step_over(topology, node, static_cast<std::uint16_t>(port));
        if (accept(topology.nodes[index(step.to)].kind) && !topology.edges[index(step.way.edge)].down) {
            sum += class_of(topology, step.way.edge).bandwidth;
            if (bonded != nullptr) {
                *bonded += class_of(topology, step.way.edge).bonded;
            }
        }
    }
    return sum;
}

// What a card gets out of its server when all cards behind its PCIe switch send: the narrowest of its own PCIe link and
// its equal share of each stage behind the switch.
BytesPerSecond fabric_injection(const Topology& topology, NodeId card) {
    BytesPerSecond best{};
    const std::size_t ports = topology.nodes[index(card)].ports.size();
    for (std::size_t port = 0; port < ports; ++port) {
        const Step up = step_over(topology, card, static_cast<std::uint16_t>(port));
        if (topology.nodes[index(up.to)].kind != NodeKind::pcie_switch) {
            continue;
        }
        std::int64_t sharers = 0;
        BytesPerSecond through{};
        const std::size_t pcie_ports = topology.nodes[index(up.to)].ports.size();
        for (std::size_t p = 0; p < pcie_ports; ++p) {
            const Step next = step_over(topology, up.to, static_cast<std::uint16_t>(p));
            const NodeKind kind = topology.nodes[index(next.to)].kind;
            sharers += kind == NodeKind::card ? 1 : 0;
            if (kind == NodeKind::nic) {
                const BytesPerSecond wire =
                    bandwidth_to(topology, next.to, [](NodeKind k) { return k == NodeKind::ethernet_switch; });
                through += std::min(wire, class_of(topology, next.way.edge).bandwidth);
            }
        }
        best = std::max(best, std::min(class_of(topology, up.way.edge).bandwidth, through / sharers));
    }
    return best;
}

void measure_cards(const Topology& topology, TopologyAnalysis& result) {
    if (topology.cards.empty()) {
        return;
    }
    result.links_used_min = std::numeric_limits<std::int64_t>::max();
    result.icn_injection = BytesPerSecond{std::numeric_limits<std::int64_t>::max()};
    result.fabric_injection = result.icn_injection;
    for (const NodeId card : topology.cards) {
        std::int64_t used = 0;
        result.icn_injection = std::min(result.icn_injection, bandwidth_to(topology, card, carries_icn, &used));
        result.fabric_injection = std::min(result.fabric_injection, fabric_injection(topology, card));
        result.links_used_min = std::min(result.links_used_min, used);
        result.links_used_max = std::max(result.links_used_max, used);
    }
    result.links_dark_max = std::max<std::int64_t>(0, topology.links_per_card - result.links_used_min);
}

}  // namespace

std::string_view name_of(Certainty certainty) {
    switch (certainty) {
        case Certainty::exact:
            return "exact";
        case Certainty::upper_bound:
            return "upper bound";
        case Certainty::sampled:
            return "sampled";
    }
    return "unknown";
}

std::string_view name_of(NodeKind kind) {
    switch (kind) {
        case NodeKind::card:
            return "card";
        case NodeKind::icn_switch:
            return "icn_switch";
        case NodeKind::pcie_switch:
            return "pcie_switch";
        case NodeKind::nic:
            return "nic";
        case NodeKind::ethernet_switch:
            return "ethernet_switch";
    }
    return "unknown";
}

TopologyAnalysis analyse(const Topology& topology, const AnalysisLimits& limits) {
    TopologyAnalysis result;
    count(topology, result);
    measure_cards(topology, result);
    result.cost = count_cost(topology);
    result.bisection = bisection_bandwidth(topology, limits);
    result.grid_bisection = least_grid_bisection(topology, limits);
    analyse_distances(topology, limits, result);
    return result;
}

}  // namespace myriad
