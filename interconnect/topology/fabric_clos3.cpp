// Three-level fat trees. A pod has leaves and aggregation switches, joined completely; aggregation switch a of every
// pod goes to the cores of group a, by `uplinks_per_core` links to each, so that the groups never meet above.
// clos3: the NICs of the cluster fill blocks of `ports` leaves in order, port p on the p-th leaf of the block.
// dcn_plus: hosts fill segments; a segment's ToRs stand in groups of `ports`, NIC n goes to group n modulo groups: with
// two ToRs all NICs share one pair, with as many as NIC ports each rail has a pair of its own.

#include "interconnect/topology/fabric.h"

#include <fmt/format.h>

namespace myriad {
namespace {

struct Shape {
    std::int64_t leaves_per_pod = 0;
    std::int64_t pods = 0;
    std::int64_t cores_per_agg = 0;
};

Shape shape_of(const ClusterConfig& config) {
    const FabricConfig& fabric = config.fabric;
    const std::int64_t cores_per_agg = fabric.cores / fabric.aggs_per_pod;
    if (fabric.recipe == FabricRecipe::dcn_plus) {
        const std::int64_t hosts = std::int64_t{fabric.hosts_per_segment} * fabric.max_segments;
        return {std::int64_t{fabric.tors_per_segment} * fabric.max_segments, divide_up(config.servers, hosts),
                cores_per_agg};
    }
    const std::int64_t nics_per_pod = std::int64_t{fabric.leaf_down} * fabric.leaves_per_pod / config.server.nics.ports;
    return {fabric.leaves_per_pod, divide_up(nics_of(config), nics_per_pod), cores_per_agg};
}

void check_upper_tiers(Findings& findings, const ClusterConfig& config) {
    const FabricConfig& fabric = config.fabric;
    const bool good = findings.expect(
        fabric.aggs_per_pod >= 1 && fabric.uplinks_per_agg >= 1 && fabric.uplinks_per_core >= 1 && fabric.max_pods >= 1,
        "expected at least 1 aggregation switch, link up and pod");
    findings.expect_bandwidth(fabric.uplink, "up-links");
    if (!good) {
        return;
    }
    const Shape shape = shape_of(config);
    findings.expect(shape.pods <= fabric.max_pods,
                    fmt::format("{} servers fill {} pods, but fabric '{}' has at most {}", config.servers, shape.pods,
                                fabric.name, fabric.max_pods));
    if (shape.pods > 1) {
        findings.expect(shape.cores_per_agg >= 1 && fabric.cores % fabric.aggs_per_pod == 0,
                        fmt::format("{} core switches do not make equal groups for {} aggregation switches of a pod",
                                    fabric.cores, fabric.aggs_per_pod));
    }
    expect_ports(findings, "an aggregation switch",
                 shape.leaves_per_pod * fabric.uplinks_per_agg + shape.cores_per_agg * fabric.uplinks_per_core);
    expect_ports(findings, "a core switch", shape.pods * fabric.uplinks_per_core);
}

std::vector<NodeId> add_leaves(TopologyBuilder& builder, const ClusterConfig& config, const Shape& shape) {
    const FabricConfig& fabric = config.fabric;
    std::vector<NodeId> leaves;
    for (std::int64_t n = 0; n < shape.leaves_per_pod * shape.pods; ++n) {
        const std::int64_t pod = n / shape.leaves_per_pod;
        if (fabric.recipe == FabricRecipe::dcn_plus) {
            const std::int64_t segment = n / fabric.tors_per_segment;
            leaves.push_back(add_switch(builder, fmt::format("segment{}.tor{}", segment, n % fabric.tors_per_segment),
                                        static_cast<std::int32_t>(segment), 2));
        } else {
            leaves.push_back(add_switch(builder, fmt::format("pod{}.leaf{}", pod, n % shape.leaves_per_pod),
                                        static_cast<std::int32_t>(pod), 2));
        }
    }
    return leaves;
}

void plug_segments(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers,
                   const std::vector<NodeId>& tors, std::uint16_t link) {
    const FabricConfig& fabric = config.fabric;
    const NicConfig& nics = config.server.nics;
    const int groups = fabric.tors_per_segment / nics.ports;
    for (int server = 0; server < config.servers; ++server) {
        const int first = server / fabric.hosts_per_segment * fabric.tors_per_segment;
        for (int nic = 0; nic < nics.count; ++nic) {
            for (int port = 0; port < nics.ports; ++port) {
                const auto tor = static_cast<std::size_t>(first + nic % groups * nics.ports + port);
                builder.connect(servers.nic(server, nic), tors[tor], link);
            }
        }
    }
}

}  // namespace

void check_clos3(Findings& findings, const ClusterConfig& config) {
    const FabricConfig& fabric = config.fabric;
    const int ports = config.server.nics.ports;
    const bool good = findings.expect(fabric.leaf_down >= 1 && fabric.leaves_per_pod >= 1,
                                      "expected at least 1 leaf in a pod and 1 host port on a leaf");
    if (good && findings.expect(fabric.leaves_per_pod % ports == 0,
                                fmt::format("{} leaves of a pod do not make groups of {}, one for each port of a NIC",
                                            fabric.leaves_per_pod, ports))) {
        check_upper_tiers(findings, config);
        expect_ports(findings, "a leaf", fabric.leaf_down + std::int64_t{fabric.aggs_per_pod} * fabric.uplinks_per_agg);
    }
}

void check_dcn_plus(Findings& findings, const ClusterConfig& config) {
    const FabricConfig& fabric = config.fabric;
    const NicConfig& nics = config.server.nics;
    const bool good =
        findings.expect(fabric.hosts_per_segment >= 1 && fabric.tors_per_segment >= 1 && fabric.max_segments >= 1,
                        "expected at least 1 host and 1 ToR in a segment and 1 segment in a pod");
    if (good && findings.expect(fabric.tors_per_segment % nics.ports == 0 &&
                                    nics.count % (fabric.tors_per_segment / nics.ports) == 0,
                                fmt::format("{} ToRs of a segment do not make groups of {}, one for each port of a "
                                            "NIC, that share {} NICs of a host evenly",
                                            fabric.tors_per_segment, nics.ports, nics.count))) {
        check_upper_tiers(findings, config);
        expect_ports(findings, "a ToR",
                     std::int64_t{fabric.hosts_per_segment} * nics.count * nics.ports / fabric.tors_per_segment +
                         std::int64_t{fabric.aggs_per_pod} * fabric.uplinks_per_agg);
    }
}

std::int64_t clos3_edges(const ClusterConfig& config) {
    const FabricConfig& fabric = config.fabric;
    const Shape shape = shape_of(config);
    const std::int64_t aggs = shape.pods * fabric.aggs_per_pod;
    const std::int64_t core_links = shape.pods > 1 ? aggs * shape.cores_per_agg * fabric.uplinks_per_core : 0;
    return nic_ports_of(config) + aggs * shape.leaves_per_pod * fabric.uplinks_per_agg + core_links;
}

void add_clos3(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers) {
    const FabricConfig& fabric = config.fabric;
    const bool segments = fabric.recipe == FabricRecipe::dcn_plus;
    const Shape shape = shape_of(config);
    const std::uint16_t host_link = builder.add_class(nic_link_class(config, segments ? "nic_tor" : "nic_leaf"));
    const std::uint16_t trunk = builder.add_class(trunk_class(config, segments ? "tor_agg" : "leaf_agg"));
    const std::vector<NodeId> leaves = add_leaves(builder, config, shape);
    if (segments) {
        plug_segments(builder, config, servers, leaves, host_link);
        mark_segments(builder.topology(), [&](int server) { return server / fabric.hosts_per_segment; });
    } else {
        plug_in_order(builder, config, servers, leaves, fabric.leaf_down, host_link);
        const int nics_per_pod = fabric.leaf_down * fabric.leaves_per_pod / config.server.nics.ports;
        mark_segments(builder.topology(), [&](int server) { return server * config.server.nics.count / nics_per_pod; });
    }
    std::vector<NodeId> aggs;
    for (std::int64_t pod = 0; pod < shape.pods; ++pod) {
        for (int agg = 0; agg < fabric.aggs_per_pod; ++agg) {
            aggs.push_back(add_switch(builder, fmt::format("pod{}.agg{}", pod, agg),
                                      segments ? -1 : static_cast<std::int32_t>(pod), 3));
            for (std::int64_t leaf = 0; leaf < shape.leaves_per_pod; ++leaf) {
                join(builder, leaves[static_cast<std::size_t>(pod * shape.leaves_per_pod + leaf)], aggs.back(),
                     fabric.uplinks_per_agg, trunk);
            }
        }
    }
    if (shape.pods < 2) {
        return;  // one pod needs no core
    }
    const std::uint16_t core_link = builder.add_class(core_class(config, "agg_core"));
    for (std::int64_t core = 0; core < shape.cores_per_agg * fabric.aggs_per_pod; ++core) {
        const NodeId top = add_switch(builder, fmt::format("core{}", core), -1, 4);
        for (std::int64_t pod = 0; pod < shape.pods; ++pod) {
            const std::int64_t agg = pod * fabric.aggs_per_pod + core / shape.cores_per_agg;
            join(builder, aggs[static_cast<std::size_t>(agg)], top, fabric.uplinks_per_core, core_link);
        }
    }
}

}  // namespace myriad
