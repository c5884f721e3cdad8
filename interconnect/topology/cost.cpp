// Counting by kind and level of switch; what counts as what is in the header.

#include "interconnect/topology/cost.h"

#include <algorithm>
#include <map>
#include <utility>

namespace myriad {
namespace {

bool is_switch(NodeKind kind) { return kind == NodeKind::icn_switch || kind == NodeKind::ethernet_switch; }

// Of each node: 0 for what is no switch. Ethernet switches have it from their tier; ICN switches all sit in tier 1, and
// those that no card plugs into are the second level.
std::vector<int> levels_of(const Topology& topology) {
    std::vector<int> levels(topology.nodes.size(), 0);
    for (std::size_t n = 0; n < topology.nodes.size(); ++n) {
        const Node& node = topology.nodes[n];
        levels[n] = node.kind == NodeKind::ethernet_switch ? node.tier - 1 : node.kind == NodeKind::icn_switch ? 2 : 0;
    }
    for (const Edge& edge : topology.edges) {
        const NodeKind a = topology.nodes[index(edge.a)].kind;
        const NodeKind b = topology.nodes[index(edge.b)].kind;
        if (a == NodeKind::card && b == NodeKind::icn_switch) {
            levels[index(edge.b)] = 1;
        }
    }
    return levels;
}

// What an edge is to the switch at one of its ends.
void add_port(SwitchTier& tier, const LinkClass& link, int own_level, int other_level) {
    tier.ports += link.bonded;
    if (other_level < own_level) {
        tier.down += link.bandwidth;
    } else if (other_level > own_level) {
        tier.up += link.bandwidth;
    } else {
        tier.across += link.bandwidth;
    }
}

}  // namespace

CostItems count_cost(const Topology& topology) {
    CostItems items;
    const std::vector<int> levels = levels_of(topology);
    std::map<std::pair<NodeKind, int>, SwitchTier> tiers;
    for (std::uint32_t n = 0; n < topology.nodes.size(); ++n) {
        const Node& node = topology.nodes[n];
        if (!is_switch(node.kind)) {
            continue;
        }
        SwitchTier& tier = tiers[{node.kind, levels[n]}];
        const std::int64_t before = tier.ports;
        tier.kind = node.kind;
        tier.level = levels[n];
        ++tier.switches;
        for (std::size_t port = 0; port < node.ports.size(); ++port) {
            const Step step = step_over(topology, NodeId{n}, static_cast<std::uint16_t>(port));
            add_port(tier, class_of(topology, step.way.edge), levels[n], levels[index(step.to)]);
        }
        tier.ports_max = std::max(tier.ports_max, tier.ports - before);
    }
    for (const auto& [key, tier] : tiers) {
        items.switches.push_back(tier);
        items.switch_chips += tier.switches;
        items.switch_ports += tier.ports;
    }
    std::vector<CableCount> cables(topology.link_classes.size());
    for (const Edge& edge : topology.edges) {
        const NodeKind a = topology.nodes[index(edge.a)].kind;
        const NodeKind b = topology.nodes[index(edge.b)].kind;
        if (a == NodeKind::pcie_switch || b == NodeKind::pcie_switch) {
            continue;
        }
        CableCount& count = cables[edge.link_class];
        count.optical = is_switch(a) && is_switch(b);
        count.cables += topology.link_classes[edge.link_class].bonded;
    }
    for (std::size_t n = 0; n < cables.size(); ++n) {
        if (cables[n].cables > 0) {
            cables[n].link_class = topology.link_classes[n].name;
            (cables[n].optical ? items.optical_cables : items.copper_cables) += cables[n].cables;
            items.cables.push_back(cables[n]);
        }
    }
    items.transceivers = 2 * items.optical_cables;
    return items;
}

}  // namespace myriad
