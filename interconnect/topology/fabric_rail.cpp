// Rails: NIC r of every server is rail r, and a segment of hosts has one leaf for each rail and NIC port.
// rail_optimised: every leaf of every segment to every spine, so rails meet there.
// rail_only (Wang et al., HotI 2024): a rail and port is a network by itself; rails meet only inside servers, so a
// message between cards of different rails has no way through the fabric. One segment needs no spines.

#include "interconnect/topology/fabric.h"

#include <fmt/format.h>

namespace myriad {
namespace {

std::int64_t segments_of(const ClusterConfig& config) {
    return divide_up(config.servers, config.fabric.hosts_per_segment);
}

std::int64_t leaves_per_segment(const ClusterConfig& config) {
    return std::int64_t{config.server.nics.count} * config.server.nics.ports;
}

bool apart(const ClusterConfig& config) { return config.fabric.recipe == FabricRecipe::rail_only; }

}  // namespace

void check_rail(Findings& findings, const ClusterConfig& config) {
    const FabricConfig& fabric = config.fabric;
    if (!findings.expect(fabric.hosts_per_segment >= 1,
                         fmt::format("{} hosts a segment, expected at least 1", fabric.hosts_per_segment))) {
        return;
    }
    const std::int64_t segments = segments_of(config);
    findings.expect(segments <= fabric.max_segments,
                    fmt::format("{} servers fill {} segments of {} hosts, but fabric '{}' has at most {}",
                                config.servers, segments, fabric.hosts_per_segment, fabric.name, fabric.max_segments));
    findings.expect(fabric.uplinks_per_spine >= 1 && (fabric.spines >= 1 || (apart(config) && segments == 1)),
                    fmt::format("{} segments meet in spines, expected at least 1", segments));
    findings.expect_bandwidth(fabric.uplink, "up-links");
    expect_ports(findings, "a leaf", fabric.hosts_per_segment + std::int64_t{fabric.spines} * fabric.uplinks_per_spine);
    expect_ports(findings, "a spine",
                 segments * (apart(config) ? 1 : leaves_per_segment(config)) * fabric.uplinks_per_spine);
}

std::int64_t rail_edges(const ClusterConfig& config) {
    const FabricConfig& fabric = config.fabric;
    const std::int64_t segments = segments_of(config);
    const std::int64_t leaves = segments * leaves_per_segment(config);
    const bool without_spines = apart(config) && segments == 1;
    return nic_ports_of(config) + (without_spines ? 0 : leaves * fabric.spines * fabric.uplinks_per_spine);
}

void add_rail(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers) {
    const FabricConfig& fabric = config.fabric;
    const NicConfig& nics = config.server.nics;
    const std::int64_t segments = segments_of(config);
    const std::int64_t per_segment = leaves_per_segment(config);
    const std::uint16_t host_link = builder.add_class(nic_link_class(config, "nic_leaf"));
    std::vector<NodeId> leaves;
    for (std::int64_t segment = 0; segment < segments; ++segment) {
        for (std::int64_t leaf = 0; leaf < per_segment; ++leaf) {
            leaves.push_back(add_switch(builder, fmt::format("segment{}.leaf{}", segment, leaf),
                                        static_cast<std::int32_t>(segment), 2));
        }
    }
    for (int server = 0; server < config.servers; ++server) {
        const std::int64_t first = server / fabric.hosts_per_segment * per_segment;
        for (int nic = 0; nic < nics.count; ++nic) {
            for (int port = 0; port < nics.ports; ++port) {
                const auto leaf = static_cast<std::size_t>(first + nic * nics.ports + port);
                builder.connect(servers.nic(server, nic), leaves[leaf], host_link);
            }
        }
    }
    mark_segments(builder.topology(), [&](int server) { return server / fabric.hosts_per_segment; });
    if (apart(config) && segments == 1) {
        return;
    }
    const std::uint16_t trunk = builder.add_class(trunk_class(config, "leaf_spine"));
    const std::int64_t networks = apart(config) ? per_segment : 1;
    for (std::int64_t network = 0; network < networks; ++network) {
        for (int spine = 0; spine < fabric.spines; ++spine) {
            const NodeId top = add_switch(
                builder,
                apart(config) ? fmt::format("rail{}.plane{}.spine{}", network / nics.ports, network % nics.ports, spine)
                              : fmt::format("spine{}", spine),
                -1, 3);
            for (std::int64_t leaf = network; leaf < segments * per_segment; leaf += networks) {
                join(builder, leaves[static_cast<std::size_t>(leaf)], top, fabric.uplinks_per_spine, trunk);
            }
        }
    }
}

}  // namespace myriad
