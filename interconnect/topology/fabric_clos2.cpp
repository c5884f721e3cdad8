// Two-level Clos (leaf and spine). The NICs of the cluster fill leaves in order, `leaf_down` ports a leaf; a NIC's
// second port goes to a second set of leaves, so that a NIC never has two ports on one leaf. Every leaf has
// `uplinks_per_spine` links to every spine, whatever its port number, so all leaves share the spines.

#include "interconnect/topology/fabric.h"

#include <fmt/format.h>

namespace myriad {
namespace {

std::int64_t leaves_of(const ClusterConfig& config) {
    return divide_up(nics_of(config), config.fabric.leaf_down) * config.server.nics.ports;
}

}  // namespace

void check_clos2(Findings& findings, const ClusterConfig& config) {
    const FabricConfig& fabric = config.fabric;
    findings.expect(fabric.leaf_down >= 1,
                    fmt::format("leaves have {} ports down, expected at least 1", fabric.leaf_down));
    findings.expect(fabric.spines >= 1 && fabric.uplinks_per_spine >= 1,
                    fmt::format("{} spines with {} links to each leaf, expected at least 1 of both", fabric.spines,
                                fabric.uplinks_per_spine));
    if (fabric.leaf_down < 1 || fabric.spines < 1 || fabric.uplinks_per_spine < 1) {
        return;
    }
    const std::int64_t leaves = leaves_of(config);
    const std::int64_t leaf_ports = fabric.leaf_down + std::int64_t{fabric.spines} * fabric.uplinks_per_spine;
    findings.expect(leaf_ports <= kMaxPortsPerNode && leaves * fabric.uplinks_per_spine <= kMaxPortsPerNode,
                    fmt::format("a leaf would have {} ports and a spine {}, at most {} are possible", leaf_ports,
                                leaves * fabric.uplinks_per_spine, kMaxPortsPerNode));
    findings.expect_bandwidth(fabric.uplink, "up-links");
}

std::int64_t clos2_edges(const ClusterConfig& config) {
    return nic_ports_of(config) + leaves_of(config) * config.fabric.spines * config.fabric.uplinks_per_spine;
}

void add_clos2(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers) {
    const FabricConfig& fabric = config.fabric;
    const int nics = config.server.nics.count;
    const int ports = config.server.nics.ports;
    const int leaves_per_port = (config.servers * nics + fabric.leaf_down - 1) / fabric.leaf_down;
    const std::uint16_t host_link = builder.add_class(nic_link_class(config, "nic_leaf"));
    const std::uint16_t trunk = builder.add_class(trunk_class(config, "leaf_spine"));

    std::vector<NodeId> leaves;
    for (int leaf = 0; leaf < leaves_per_port * ports; ++leaf) {
        leaves.push_back(builder.add_node({.kind = NodeKind::ethernet_switch,
                                           .name = fmt::format("leaf{}", leaf),
                                           .server = kNoServer,
                                           .segment = leaf % leaves_per_port,
                                           .tier = 2,
                                           .ports = {}}));
    }
    for (int server = 0; server < config.servers; ++server) {
        for (int nic = 0; nic < nics; ++nic) {
            for (int port = 0; port < ports; ++port) {
                const int leaf = port * leaves_per_port + (server * nics + nic) / fabric.leaf_down;
                builder.connect(servers.nic(server, nic), leaves[static_cast<std::size_t>(leaf)], host_link);
            }
        }
    }
    for (int spine = 0; spine < fabric.spines; ++spine) {
        const NodeId top = builder.add_node({.kind = NodeKind::ethernet_switch,
                                             .name = fmt::format("spine{}", spine),
                                             .server = kNoServer,
                                             .segment = -1,
                                             .tier = 3,
                                             .ports = {}});
        for (const NodeId leaf : leaves) {
            for (int link = 0; link < fabric.uplinks_per_spine; ++link) {
                builder.connect(leaf, top, trunk);
            }
        }
    }
}

}  // namespace myriad
