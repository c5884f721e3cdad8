// Checks a cluster's configuration and builds servers, then the fabric over them. Node order is servers (cards, ICN
// switch, PCIe switches, NICs), then switches tier by tier; edge order follows. Both depend on the configuration alone.

#include "interconnect/topology/build.h"

#include "interconnect/topology/builder.h"
#include "interconnect/topology/fabric.h"
#include "interconnect/topology/findings.h"
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

constexpr int kMaxLinks = 65'535;

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
    findings.expect_latency(chip.latency, "ICN links");
    findings.expect_latency(server.switch_latency, "an ICN switch");
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
        findings.expect_bandwidth(nics.port_bandwidth, "NIC ports");
        findings.expect_bandwidth(server.pcie.bandwidth, "PCIe, which NICs need,");
        findings.expect_latency(server.pcie.latency, "PCIe");
        findings.expect_latency(nics.latency, "NICs");
    }
    findings.throw_if_any();
    return wiring;
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
        findings.expect_latency(fabric.link_latency, "network links");
        findings.expect_latency(fabric.switch_latency, "Ethernet switches");
    }
    findings.throw_if_any();
    if (fabric.recipe != FabricRecipe::none) {
        fabric_entry(fabric.recipe).check(findings, config);
    }
    findings.throw_if_any();
    const auto links = static_cast<std::int64_t>(wiring.links.size());
    const std::int64_t per_server = links + (nics.count > 0 ? config.server.cards + nics.count : 0);
    const std::int64_t edges =
        per_server * config.servers +
        (fabric.recipe == FabricRecipe::none ? 0 : fabric_entry(fabric.recipe).count_edges(config));
    findings.expect(edges <= kMaxEdges,
                    fmt::format("the cluster would have {} links, at most {} are possible", edges, kMaxEdges));
    findings.throw_if_any();
    return edges;
}

}  // namespace

std::vector<std::string> fabric_problems(const ClusterConfig& config) {
    Findings findings({});
    if (config.fabric.recipe != FabricRecipe::none) {
        fabric_entry(config.fabric.recipe).check(findings, config);
    }
    return findings.messages();
}

Topology build_topology(const ClusterConfig& config) {
    const WiringGraph wiring = check_server(config.server);
    const std::int64_t edges = check_cluster(config, wiring);
    Topology topology;
    topology.name = config.name;
    topology.edges.reserve(static_cast<std::size_t>(edges));
    TopologyBuilder builder(topology);
    const ServerLayout servers = add_servers(builder, config, wiring);
    if (config.fabric.recipe != FabricRecipe::none) {
        fabric_entry(config.fabric.recipe).build(builder, config, servers);
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
