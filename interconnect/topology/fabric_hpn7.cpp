// HPN 7.0 up to the aggregation tier (Qian et al., SIGCOMM 2024), back-end network only: servers fill segments in
// order; a segment has `rails` x `planes` ToRs; NIC r is rail r, its port p goes to the ToR of (rail r, plane p); the
// ToRs of plane p of all segments go to every aggregation switch of plane p by one link. Nothing joins the planes, so a
// packet that enters on port p leaves on port p. One pod only: more segments need the core tier, which is not modelled
// here.

#include "interconnect/topology/builder.h"

#include <fmt/format.h>

namespace myriad {

void add_hpn7(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers) {
    const FabricConfig& fabric = config.fabric;
    const int segments = (config.servers + fabric.hosts_per_segment - 1) / fabric.hosts_per_segment;
    const int tors_per_segment = fabric.rails * fabric.planes;
    const std::uint16_t host_link = builder.add_class(nic_link_class(config, "nic_tor"));
    const std::uint16_t trunk = builder.add_class(trunk_class(config, "tor_agg"));

    std::vector<NodeId> tors;
    for (int segment = 0; segment < segments; ++segment) {
        for (int tor = 0; tor < tors_per_segment; ++tor) {
            tors.push_back(builder.add_node({.kind = NodeKind::ethernet_switch,
                                             .name = fmt::format("segment{}.tor{}", segment, tor),
                                             .server = kNoServer,
                                             .segment = segment,
                                             .tier = 2,
                                             .ports = {}}));
        }
    }
    const auto tor_of = [&](int segment, int rail, int plane) {
        return tors[static_cast<std::size_t>(segment * tors_per_segment + rail * fabric.planes + plane)];
    };
    for (int server = 0; server < config.servers; ++server) {
        const int segment = server / fabric.hosts_per_segment;
        for (int rail = 0; rail < fabric.rails; ++rail) {
            for (int plane = 0; plane < fabric.planes; ++plane) {
                builder.connect(servers.nic(server, rail), tor_of(segment, rail, plane), host_link);
            }
        }
    }
    for (int plane = 0; plane < fabric.planes; ++plane) {
        for (int agg = 0; agg < fabric.aggs_per_plane; ++agg) {
            const NodeId top = builder.add_node({.kind = NodeKind::ethernet_switch,
                                                 .name = fmt::format("plane{}.agg{}", plane, agg),
                                                 .server = kNoServer,
                                                 .segment = -1,
                                                 .tier = 3,
                                                 .ports = {}});
            for (int segment = 0; segment < segments; ++segment) {
                for (int rail = 0; rail < fabric.rails; ++rail) {
                    builder.connect(tor_of(segment, rail, plane), top, trunk);
                }
            }
        }
    }
    for (Node& node : builder.topology().nodes) {
        if (node.server != kNoServer) {
            node.segment = node.server / fabric.hosts_per_segment;
        }
    }
}

}  // namespace myriad
