// Checks a cluster's configuration and builds servers, then the fabric over them. Node order is servers (cards, ICN
// switch, PCIe switches, NICs), then switches tier by tier; edge order follows. Both depend on the configuration alone.

#include "interconnect/topology/build.h"

#include "interconnect/topology/builder.h"
#include "interconnect/topology/wiring.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace myriad {
namespace {

// A graph beyond this (3 GiB of nodes and edges) is a typing error rather than a cluster.
constexpr std::int64_t kMaxEdges = 20'000'000;

// Far beyond any hardware, and small enough that sums and products below stay inside 64 bits.
constexpr BytesPerSecond kMaxBandwidth{100'000'000'000'000};
constexpr Picoseconds kMaxLatency{1'000'000'000'000};
constexpr int kMaxLinks = 65'535;

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

void expect_bandwidth(Findings& findings, BytesPerSecond bandwidth, const std::string& what) {
    findings.expect(bandwidth.count() > 0, what + " without bandwidth");
    findings.expect(bandwidth <= kMaxBandwidth, what + " with more than 100 TB/s");
}

void expect_latency(Findings& findings, Picoseconds latency, const std::string& what) {
    findings.expect(latency.count() >= 0 && latency <= kMaxLatency,
                    what + " with a latency that is not between 0 and 1 s");
}

// A port number must fit into a route's word.
void check_ports(Findings& findings, const std::string& name, const WiringGraph& wiring, bool pcie) {
    std::vector<std::int64_t> ports(static_cast<std::size_t>(wiring.nodes()), pcie ? 1 : 0);
    for (const WiringLink& link : wiring.links) {
        ++ports[static_cast<std::size_t>(link.a)];
        ++ports[static_cast<std::size_t>(link.b)];
    }
    const std::int64_t most = *std::max_element(ports.begin(), ports.end());
    findings.expect(most <= kMaxPortsPerNode, fmt::format("wiring {} needs {} ports on a card or switch, at most {} "
                                                          "are possible",
                                                          name, most, kMaxPortsPerNode));
}

void check_icn(Findings& findings, const ServerConfig& server, const WiringGraph& wiring) {
    const ChipLinksConfig& chip = server.links;
    const std::string name = describe(server.wiring);
    findings.expect(wiring.cards == server.cards,
                    fmt::format("wiring {} joins {} cards, but the server has {}", name, wiring.cards, server.cards));
    findings.expect(std::isfinite(chip.efficiency) && chip.efficiency > 0 && chip.efficiency <= 1,
                    fmt::format("link efficiency is {}, expected more than 0 and at most 1", chip.efficiency));
    expect_latency(findings, chip.latency, "ICN links");
    expect_latency(findings, server.switch_latency, "an ICN switch");
    if (!wiring.through_switch() && wiring.links.empty()) {
        return;  // a single card needs no links
    }
    const int used = wiring.links_per_card();
    findings.expect(server.link_budget == LinkBudget::divided || used <= chip.links,
                    fmt::format("wiring {} needs {} links a card, but the chip has {}", name, used, chip.links));
    findings.expect(
        chip.links > 0 && chip.links <= kMaxLinks && chip.per_link.count() > 0 && chip.per_link <= kMaxBandwidth,
        fmt::format("wiring {} needs links, but the chip has {} of {} B/s", name, chip.links, chip.per_link.count()));
    findings.throw_if_any();
    const bool all_carry = std::all_of(wiring.links.begin(), wiring.links.end(), [&](const WiringLink& link) {
        return link.bonded > 0 && icn_bandwidth(server, link, used).count() > 0;
    });
    findings.expect(all_carry, fmt::format("wiring {} leaves less than 1 B/s for a link", name));
    check_ports(findings, name, wiring, server.nics.count > 0);
}

WiringGraph check_server(const ServerConfig& server) {
    const std::string where = fmt::format("server '{}'", server.name);
    WiringGraph wiring = wire(server.wiring, where, server.links.links);
    Findings findings(where);
    check_icn(findings, server, wiring);
    const NicConfig& nics = server.nics;
    findings.expect(nics.count >= 0 && nics.count <= server.cards,
                    fmt::format("{} NICs for {} cards, expected 0 to {} so that each NIC serves a card", nics.count,
                                server.cards, server.cards));
    if (nics.count > 0) {
        findings.expect(nics.ports >= 1 && nics.ports < kMaxPortsPerNode,
                        fmt::format("NICs with {} ports, expected at least 1", nics.ports));
        expect_bandwidth(findings, nics.port_bandwidth, "NIC ports");
        expect_bandwidth(findings, server.pcie.bandwidth, "PCIe, which NICs need,");
        expect_latency(findings, server.pcie.latency, "PCIe");
        expect_latency(findings, nics.latency, "NICs");
    }
    findings.throw_if_any();
    return wiring;
}

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
    const std::int64_t nics = std::int64_t{config.servers} * config.server.nics.count;
    const std::int64_t leaves = (nics + fabric.leaf_down - 1) / fabric.leaf_down * config.server.nics.ports;
    const std::int64_t leaf_ports = fabric.leaf_down + std::int64_t{fabric.spines} * fabric.uplinks_per_spine;
    findings.expect(leaf_ports <= kMaxPortsPerNode && leaves * fabric.uplinks_per_spine <= kMaxPortsPerNode,
                    fmt::format("a leaf would have {} ports and a spine {}, at most {} are possible", leaf_ports,
                                leaves * fabric.uplinks_per_spine, kMaxPortsPerNode));
    expect_bandwidth(findings, fabric.uplink, "up-links");
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
    findings.expect(
        fabric.aggs_per_plane >= 1,
        fmt::format("hpn7 has {} aggregation switches a plane, expected at least 1", fabric.aggs_per_plane));
    expect_bandwidth(findings, fabric.uplink, "up-links");
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
        case FabricRecipe::none:
            return 0;
        case FabricRecipe::one_switch:
            return ports;
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
        expect_latency(findings, fabric.link_latency, "network links");
        expect_latency(findings, fabric.switch_latency, "Ethernet switches");
    }
    findings.throw_if_any();
    const std::int64_t ports = std::int64_t{config.servers} * nics.count * nics.ports;
    if (fabric.recipe == FabricRecipe::one_switch) {
        findings.expect(
            ports <= kMaxPortsPerNode,
            fmt::format("one switch would need {} ports, at most {} are possible", ports, kMaxPortsPerNode));
    } else if (fabric.recipe == FabricRecipe::clos2) {
        check_clos2(findings, config);
    } else if (fabric.recipe == FabricRecipe::hpn7) {
        check_hpn7(findings, config);
    }
    findings.throw_if_any();
    const auto links = static_cast<std::int64_t>(wiring.links.size());
    const std::int64_t per_server = links + (nics.count > 0 ? config.server.cards + nics.count : 0);
    const std::int64_t edges = per_server * config.servers + fabric_edges(config);
    findings.expect(edges <= kMaxEdges,
                    fmt::format("the cluster would have {} links, at most {} are possible", edges, kMaxEdges));
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
    const ServerLayout servers = add_servers(builder, config, wiring);
    switch (config.fabric.recipe) {
        case FabricRecipe::none:
            break;
        case FabricRecipe::one_switch:
            add_one_switch(builder, config, servers);
            break;
        case FabricRecipe::clos2:
            add_clos2(builder, config, servers);
            break;
        case FabricRecipe::hpn7:
            add_hpn7(builder, config, servers);
            break;
    }
    MYRIAD_CHECK(topology.edges.size() == static_cast<std::size_t>(edges), "links counted before building");
    for (const ClusterChange& change : config.changes) {
        if (change.at.count() == 0) {
            apply_change(topology, change);
        }
    }
    return topology;
}

}  // namespace myriad
