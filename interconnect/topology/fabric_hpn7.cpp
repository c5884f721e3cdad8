// HPN 7.0 (Qian et al., SIGCOMM 2024), back-end network only: servers fill segments in order; a segment has `rails` x
// `planes` ToRs; NIC r is rail r, its port p goes to the ToR of (rail r, plane p); the ToRs of plane p of all segments of
// a pod go to every aggregation switch of plane p by one link. Nothing joins the planes, so a packet that enters on
// port p leaves on port p.
// Several pods meet in the core tier, dual-plane too: aggregation switch a of every pod deals its `agg_uplinks` links
// over the cores of its plane from number a * agg_uplinks on, so that switches of one number meet in the same cores
// (15 : 1 as published, 120 x 400 Gb/s down against 8 up). The number of core switches is not published.

#include "interconnect/topology/fabric.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {
namespace {

struct Shape {
    std::int64_t segments = 0;
    std::int64_t pods = 0;
};

Shape shape_of(const ClusterConfig& config) {
    const std::int64_t segments = divide_up(config.servers, config.fabric.hosts_per_segment);
    return {segments, divide_up(segments, config.fabric.max_segments)};
}

// Edges of all ToRs to all aggregation switches, segment by segment.
std::int64_t tor_links(const FabricConfig& fabric, std::int64_t segments) {
    return segments * fabric.rails * fabric.planes * fabric.aggs_per_plane;
}

std::vector<NodeId> add_tors(TopologyBuilder& builder, const FabricConfig& fabric, std::int64_t segments) {
    std::vector<NodeId> tors;
    for (int segment = 0; segment < segments; ++segment) {
        for (int tor = 0; tor < fabric.rails * fabric.planes; ++tor) {
            tors.push_back(add_switch(builder, fmt::format("segment{}.tor{}", segment, tor), segment, 2));
        }
    }
    return tors;
}

}  // namespace

void check_hpn7(Findings& findings, const ClusterConfig& config) {
    const FabricConfig& fabric = config.fabric;
    const NicConfig& nics = config.server.nics;
    findings.expect(fabric.rails == nics.count,
                    fmt::format("hpn7 has {} rails, but server '{}' has {} NICs (one NIC is one rail)", fabric.rails,
                                config.server.name, nics.count));
    findings.expect(fabric.planes == nics.ports,
                    fmt::format("hpn7 has {} planes, but a NIC of server '{}' has {} ports (one port is one plane)",
                                fabric.planes, config.server.name, nics.ports));
    findings.expect(fabric.hosts_per_segment >= 1,
                    fmt::format("hpn7 has {} hosts a segment, expected at least 1", fabric.hosts_per_segment));
    findings.expect(
        fabric.aggs_per_plane >= 1,
        fmt::format("hpn7 has {} aggregation switches a plane, expected at least 1", fabric.aggs_per_plane));
    findings.expect_bandwidth(fabric.uplink, "up-links");
    if (fabric.hosts_per_segment < 1 || !findings.expect(fabric.max_segments >= 1 && fabric.max_pods >= 1,
                                                         "expected at least 1 segment in a pod and at least 1 pod")) {
        return;
    }
    const Shape shape = shape_of(config);
    findings.expect(shape.pods <= fabric.max_pods,
                    fmt::format("{} servers fill {} segments of {} hosts, but fabric '{}' has at most {}",
                                config.servers, shape.segments, fabric.hosts_per_segment, fabric.name,
                                std::int64_t{fabric.max_pods} * fabric.max_segments));
    const std::int64_t tor_ports = std::int64_t{fabric.hosts_per_segment} + fabric.aggs_per_plane;
    const std::int64_t agg_ports =
        std::min<std::int64_t>(shape.segments, fabric.max_segments) * fabric.rails + fabric.agg_uplinks;
    findings.expect(tor_ports <= kMaxPortsPerNode && agg_ports <= kMaxPortsPerNode,
                    fmt::format("a ToR would have {} ports and an aggregation switch {}, at most {} are possible",
                                tor_ports, agg_ports, kMaxPortsPerNode));
    if (shape.pods > 1 && shape.pods <= fabric.max_pods) {
        findings.expect(fabric.agg_uplinks >= 1 && fabric.cores_per_plane >= fabric.agg_uplinks,
                        fmt::format("{} pods meet in core switches, but an aggregation switch has {} up-links and a "
                                    "plane {} cores; expected at least 1 up-link and as many cores",
                                    shape.pods, fabric.agg_uplinks, fabric.cores_per_plane));
    }
}

std::int64_t hpn7_edges(const ClusterConfig& config) {
    const FabricConfig& fabric = config.fabric;
    const Shape shape = shape_of(config);
    const std::int64_t aggs = shape.pods * fabric.planes * fabric.aggs_per_plane;
    return nic_ports_of(config) + tor_links(fabric, shape.segments) + (shape.pods > 1 ? aggs * fabric.agg_uplinks : 0);
}

void add_hpn7(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers) {
    const FabricConfig& fabric = config.fabric;
    const Shape shape = shape_of(config);
    const int tors_per_segment = fabric.rails * fabric.planes;
    const std::uint16_t host_link = builder.add_class(nic_link_class(config, "nic_tor"));
    const std::uint16_t trunk = builder.add_class(trunk_class(config, "tor_agg"));
    const std::vector<NodeId> tors = add_tors(builder, fabric, shape.segments);
    const auto tor_of = [&](std::int64_t segment, int rail, int plane) {
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
    std::vector<NodeId> aggs;  // by pod, plane and number
    for (std::int64_t pod = 0; pod < shape.pods; ++pod) {
        const std::string prefix = shape.pods > 1 ? fmt::format("pod{}.", pod) : "";
        const std::int64_t first = pod * fabric.max_segments;
        const std::int64_t end = std::min(first + fabric.max_segments, shape.segments);
        for (int n = 0; n < fabric.planes * fabric.aggs_per_plane; ++n) {
            const int plane = n / fabric.aggs_per_plane;
            aggs.push_back(
                add_switch(builder, fmt::format("{}plane{}.agg{}", prefix, plane, n % fabric.aggs_per_plane), -1, 3));
            for (std::int64_t segment = first; segment < end; ++segment) {
                for (int rail = 0; rail < fabric.rails; ++rail) {
                    builder.connect(tor_of(segment, rail, plane), aggs.back(), trunk);
                }
            }
        }
    }
    mark_segments(builder.topology(), [&](int server) { return server / fabric.hosts_per_segment; });
    if (shape.pods < 2) {
        return;
    }
    const std::uint16_t core_link = builder.add_class(core_class(config, "agg_core"));
    std::vector<NodeId> cores;
    for (int n = 0; n < fabric.planes * fabric.cores_per_plane; ++n) {
        cores.push_back(add_switch(
            builder, fmt::format("plane{}.core{}", n / fabric.cores_per_plane, n % fabric.cores_per_plane), -1, 4));
    }
    for (std::size_t n = 0; n < aggs.size(); ++n) {
        const int place = static_cast<int>(n % static_cast<std::size_t>(fabric.planes * fabric.aggs_per_plane));
        const int plane = place / fabric.aggs_per_plane;
        for (int link = 0; link < fabric.agg_uplinks; ++link) {
            const int core = (place % fabric.aggs_per_plane * fabric.agg_uplinks + link) % fabric.cores_per_plane;
            builder.connect(aggs[n], cores[static_cast<std::size_t>(plane * fabric.cores_per_plane + core)], core_link);
        }
    }
}

}  // namespace myriad
