// Checks a cluster's configuration and builds servers, then the fabric over them. Node order is servers (cards, ICN
// switch, PCIe switches, NICs), then switches tier by tier; edge order follows. Both depend on the configuration alone.

#include "interconnect/topology/build.h"

#include "interconnect/topology/builder.h"
#include "interconnect/topology/wiring.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

namespace myriad {
namespace {

// A graph beyond this (3 GiB of nodes and edges) is a typing error rather than a cluster.
constexpr std::int64_t kMaxEdges = 20'000'000;

// Findings without a place in a file; the readers of app/ have checked each value's own range and unit before.
class Findings {
public:
    explicit Findings(std::string where) : where_(std::move(where)) {}
    void expect(bool good, const std::string& message) {
        if (!good) {
            list_.push_back(Diagnostic{SourceMark{}, where_ + ": " + message});
        }
    }
    void throw_if_any() const {
        if (!list_.empty()) {
            throw UserError(list_);
        }
    }

private:
    std::string where_;
    std::vector<Diagnostic> list_;
};

WiringGraph check_server(const ServerConfig& server) {
    const std::string where = fmt::format("server '{}'", server.name);
    const WiringGraph wiring = wire(server.wiring, where);
    Findings findings(where);
    findings.expect(wiring.cards == server.cards,
                    fmt::format("wiring {} joins {} cards, but the server has {}", describe(server.wiring),
                                wiring.cards, server.cards));
    const int used = wiring.through_switch ? server.links.links : wiring.links_per_card();
    findings.expect(server.link_budget == LinkBudget::divided || used <= server.links.links,
                    fmt::format("wiring {} needs {} links a card, but the chip has {}", describe(server.wiring), used,
                                server.links.links));
    const bool joined = wiring.through_switch || !wiring.links.empty();
    findings.expect(!joined || (server.links.links > 0 && server.links.per_link.count() > 0),
                    fmt::format("wiring {} needs links, but the chip has none with bandwidth",
                                describe(server.wiring)));
    findings.expect(std::isfinite(server.links.efficiency) && server.links.efficiency > 0 &&
                        server.links.efficiency <= 1,
                    fmt::format("link efficiency is {}, expected more than 0 and at most 1", server.links.efficiency));
    findings.expect(server.links.latency.count() >= 0 && server.switch_latency.count() >= 0 &&
                        server.pcie.latency.count() >= 0 && server.nics.latency.count() >= 0,
                    "latency is negative");
    const NicConfig& nics = server.nics;
    findings.expect(nics.count >= 0 && nics.count <= server.cards,
                    fmt::format("{} NICs for {} cards, expected 0 to {} so that each NIC serves a card", nics.count,
                                server.cards, server.cards));
    if (nics.count > 0) {
        findings.expect(nics.ports >= 1, fmt::format("NICs have {} ports, expected at least 1", nics.ports));
        findings.expect(nics.port_bandwidth.count() > 0, "NIC ports have no bandwidth");
        findings.expect(server.pcie.bandwidth.count() > 0, "NICs need PCIe, but PCIe has no bandwidth");
    }
    findings.throw_if_any();
    return wiring;
}

void check_clos2(Findings& findings, const ClusterConfig& config) {
    const FabricConfig& fabric = config.fabric;
    findings.expect(fabric.leaf_down >= 1, fmt::format("leaves have {} ports down, expected at least 1",
                                                       fabric.leaf_down));
    findings.expect(fabric.spines >= 1 && fabric.uplinks_per_spine >= 1,
                    fmt::format("{} spines with {} links to each leaf, expected at least 1 of both", fabric.spines,
                                fabric.uplinks_per_spine));
    if (fabric.leaf_down < 1 || fabric.spines < 1 || fabric.uplinks_per_spine < 1) {
        return;
    }
    const std::int64_t nics = std::int64_t{config.servers} * config.server.nics.count;
    const std::int64_t leaves = (nics + fabric.leaf_down - 1) / fabric.leaf_down * config.server.nics.ports;
    const std::int64_t leaf_ports = fabric.leaf_down + std::int64_t{fabric.spines} * fabric.uplinks_per_spine;
    findings.expect(leaf_ports <= kMaxPortsPerNode && leaves * fabric.uplinks_per_spine <= kMaxPortsPerNode,
                    fmt::format("a leaf would have {} ports and a spine {}, at most {} are possible", leaf_ports,
                                leaves * fabric.uplinks_per_spine, kMaxPortsPerNode));
    findings.expect(fabric.uplink.count() > 0, "up-links have no bandwidth");
}

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
    findings.expect(fabric.aggs_per_plane >= 1,
                    fmt::format("hpn7 has {} aggregation switches a plane, expected at least 1",
                                fabric.aggs_per_plane));
    findings.expect(fabric.uplink.count() > 0, "up-links have no bandwidth");
    if (fabric.hosts_per_segment < 1) {
        return;
    }
    const std::int64_t segments =
        (std::int64_t{config.servers} + fabric.hosts_per_segment - 1) / fabric.hosts_per_segment;
    findings.expect(segments <= fabric.max_segments,
                    fmt::format("{} servers fill {} segments of {} hosts, but a pod has at most {} "
                                "(the core tier between pods is not modelled yet)",
                                config.servers, segments, fabric.hosts_per_segment, fabric.max_segments));
    const std::int64_t tor_ports = std::int64_t{fabric.hosts_per_segment} + fabric.aggs_per_plane;
    findings.expect(tor_ports <= kMaxPortsPerNode && segments * fabric.rails <= kMaxPortsPerNode,
                    fmt::format("a ToR would have {} ports and an aggregation switch {}, at most {} are possible",
                                tor_ports, segments * fabric.rails, kMaxPortsPerNode));
}

std::int64_t fabric_edges(const ClusterConfig& config) {
    const FabricConfig& fabric = config.fabric;
    const std::int64_t nics = std::int64_t{config.servers} * config.server.nics.count;
    const std::int64_t ports = nics * config.server.nics.ports;
    switch (fabric.recipe) {
        case FabricRecipe::none: return 0;
        case FabricRecipe::one_switch: return ports;
        case FabricRecipe::clos2: {
            const std::int64_t leaves = (nics + fabric.leaf_down - 1) / fabric.leaf_down * config.server.nics.ports;
            return ports + leaves * fabric.spines * fabric.uplinks_per_spine;
        }
        case FabricRecipe::hpn7: {
            const std::int64_t segments = (config.servers - 1) / fabric.hosts_per_segment + 1;
            return ports + segments * fabric.rails * fabric.planes * fabric.aggs_per_plane;
        }
    }
    return 0;
}

// The number of edges of the whole cluster.
std::int64_t check_cluster(const ClusterConfig& config, const WiringGraph& wiring) {
    Findings findings(fmt::format("cluster '{}'", config.name));
    const FabricConfig& fabric = config.fabric;
    const NicConfig& nics = config.server.nics;
    findings.expect(config.servers >= 1, fmt::format("{} servers, expected at least 1", config.servers));
    findings.throw_if_any();
    if (fabric.recipe == FabricRecipe::none) {
        findings.expect(config.servers == 1,
                        fmt::format("{} servers need a fabric, but none is given", config.servers));
    } else {
        findings.expect(nics.count > 0, fmt::format("fabric '{}' needs NICs, but server '{}' has none", fabric.name,
                                                    config.server.name));
        findings.expect(fabric.link_latency.count() >= 0 && fabric.switch_latency.count() >= 0,
                        "fabric latency is negative");
    }
    findings.throw_if_any();
    const std::int64_t ports = std::int64_t{config.servers} * nics.count * nics.ports;
    if (fabric.recipe == FabricRecipe::one_switch) {
        findings.expect(ports <= kMaxPortsPerNode, fmt::format("one switch would need {} ports, at most {} are possible",
                                                               ports, kMaxPortsPerNode));
    } else if (fabric.recipe == FabricRecipe::clos2) {
        check_clos2(findings, config);
    } else if (fabric.recipe == FabricRecipe::hpn7) {
        check_hpn7(findings, config);
    }
    findings.throw_if_any();
    const auto links = static_cast<std::int64_t>(wiring.links.size());
    const std::int64_t per_server = (wiring.through_switch ? config.server.cards : links) +
                                    (nics.count > 0 ? config.server.cards + nics.count : 0);
    const std::int64_t edges = per_server * config.servers + fabric_edges(config);
    findings.expect(edges <= kMaxEdges, fmt::format("the cluster would have {} links, at most {} are possible", edges,
                                                    kMaxEdges));
    findings.throw_if_any();
    return edges;
}

}  // namespace

Topology build_topology(const ClusterConfig& config) {
    const WiringGraph wiring = check_server(config.server);
    const std::int64_t edges = check_cluster(config, wiring);
    Topology topology;
    topology.name = config.name;
    topology.edges.reserve(static_cast<std::size_t>(edges));
    TopologyBuilder builder(topology);
    const ServerLayout servers = add_servers(builder, config);
    switch (config.fabric.recipe) {
        case FabricRecipe::none: break;
        case FabricRecipe::one_switch: add_one_switch(builder, config, servers); break;
        case FabricRecipe::clos2: add_clos2(builder, config, servers); break;
        case FabricRecipe::hpn7: add_hpn7(builder, config, servers); break;
    }
    MYRIAD_CHECK(topology.edges.size() == static_cast<std::size_t>(edges), "links counted before building");
    return topology;
}

}  // namespace myriad
