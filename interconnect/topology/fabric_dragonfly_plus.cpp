// Dragonfly+ (Shpiner et al., HiPINEB 2017): a group is a two-level tree of leaves and spines, each leaf joined to each
// spine; spines carry the global links, by the same rule as the members of a dragonfly group (dragonfly_groups.h).

#include "interconnect/topology/dragonfly_groups.h"
#include "interconnect/topology/fabric.h"

#include <fmt/format.h>

namespace myriad {

void check_dragonfly_plus(Findings& findings, const ClusterConfig& config) {
    const FabricConfig& fabric = config.fabric;
    const int ports = config.server.nics.ports;
    const bool good =
        findings.expect(fabric.leaves >= 1 && fabric.spines >= 1 && fabric.hosts_per_switch >= 1 &&
                            fabric.groups >= 1 && fabric.global_links >= 0 && fabric.uplinks_per_spine >= 1,
                        "expected at least 1 leaf and 1 spine in a group, 1 host port on a leaf and 1 group");
    findings.expect_bandwidth(fabric.uplink, "links between switches");
    if (!good) {
        return;
    }
    const std::int64_t most = std::int64_t{fabric.spines} * fabric.global_links + 1;
    findings.expect(fabric.groups <= most,
                    fmt::format("{} groups, but {} spines with {} global links each reach at most {} "
                                "(spines x global_links + 1)",
                                fabric.groups, fabric.spines, fabric.global_links, most));
    findings.expect(
        fabric.leaves % ports == 0,
        fmt::format("{} leaves of a group do not make groups of {}, one for each port of a NIC", fabric.leaves, ports));
    const std::int64_t room = std::int64_t{fabric.groups} * fabric.leaves * fabric.hosts_per_switch;
    findings.expect(nic_ports_of(config) <= room,
                    fmt::format("{} NIC ports, but {} groups of {} leaves with {} host ports have {}",
                                nic_ports_of(config), fabric.groups, fabric.leaves, fabric.hosts_per_switch, room));
    expect_ports(findings, "a leaf", fabric.hosts_per_switch + std::int64_t{fabric.spines} * fabric.uplinks_per_spine);
    expect_ports(findings, "a spine", std::int64_t{fabric.leaves} * fabric.uplinks_per_spine + fabric.global_links);
}

std::int64_t dragonfly_plus_edges(const ClusterConfig& config) {
    const FabricConfig& fabric = config.fabric;
    const std::int64_t local = std::int64_t{fabric.groups} * fabric.leaves * fabric.spines * fabric.uplinks_per_spine;
    return nic_ports_of(config) + local +
           static_cast<std::int64_t>(dragonfly_links(fabric.spines, fabric.global_links, fabric.groups).size());
}

void add_dragonfly_plus(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers) {
    const FabricConfig& fabric = config.fabric;
    const std::uint16_t host_link = builder.add_class(nic_link_class(config, "nic_leaf"));
    const std::uint16_t trunk = builder.add_class(trunk_class(config, "leaf_spine"));
    std::vector<NodeId> leaves;
    for (int n = 0; n < fabric.groups * fabric.leaves; ++n) {
        const int group = n / fabric.leaves;
        leaves.push_back(add_switch(builder, fmt::format("group{}.leaf{}", group, n % fabric.leaves), group, 2));
    }
    plug_in_order(builder, config, servers, leaves, fabric.hosts_per_switch, host_link);
    const int nics_per_group = fabric.leaves * fabric.hosts_per_switch / config.server.nics.ports;
    mark_segments(builder.topology(), [&](int server) { return server * config.server.nics.count / nics_per_group; });
    std::vector<NodeId> spines;
    for (int n = 0; n < fabric.groups * fabric.spines; ++n) {
        const int group = n / fabric.spines;
        spines.push_back(add_switch(builder, fmt::format("group{}.spine{}", group, n % fabric.spines), group, 3));
        for (int leaf = 0; leaf < fabric.leaves; ++leaf) {
            join(builder, leaves[static_cast<std::size_t>(group * fabric.leaves + leaf)], spines.back(),
                 fabric.uplinks_per_spine, trunk);
        }
    }
    const std::vector<GlobalLink> globals = dragonfly_links(fabric.spines, fabric.global_links, fabric.groups);
    if (globals.empty()) {
        return;
    }
    const std::uint16_t global = builder.add_class(core_class(config, "global"));
    for (const GlobalLink& link : globals) {
        const EdgeId edge =
            builder.connect(spines[static_cast<std::size_t>(link.group_a * fabric.spines + link.member_a)],
                            spines[static_cast<std::size_t>(link.group_b * fabric.spines + link.member_b)], global);
        builder.topology().edges[index(edge)].dimension = 1;
    }
}

}  // namespace myriad
