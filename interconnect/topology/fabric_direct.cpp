// Switches joined by any wiring recipe, with hosts on them: dragonfly, HyperX, torus, mesh, hypercube, a product, an
// edge list. The wiring's cards are switches with `hosts_per_switch` host ports, its switches carry none. NICs fill the
// switches in order, in blocks of `ports`. A link of the wiring without a bandwidth of its own has `uplink`.

#include "interconnect/topology/fabric.h"
#include "interconnect/topology/wiring.h"

#include <fmt/format.h>

#include <map>
#include <tuple>

namespace myriad {
namespace {

WiringGraph graph_of(const ClusterConfig& config) {
    return wire(config.fabric.switches, fmt::format("fabric '{}'", config.fabric.name), kSwitchLinks);
}

// Switches whose outermost coordinate is the same are a segment: a dragonfly's group, a plane of a torus.
int segment_size(const WiringGraph& graph) {
    const int outermost = graph.hierarchy.empty() ? 1 : graph.hierarchy.back();
    return graph.hierarchy.size() < 2 ? 1 : graph.cards / outermost;
}

// Links alike in bandwidth and latency share a class.
class TrunkClasses {
public:
    TrunkClasses(TopologyBuilder& builder, const FabricConfig& fabric) : builder_(builder), fabric_(fabric) {}

    std::uint16_t of(const WiringLink& link) {
        const BytesPerSecond each = link.per_link.count() > 0 ? link.per_link : fabric_.uplink;
        const BytesPerSecond bandwidth = link.payload.count() > 0 ? link.payload : each * link.bonded;
        const Picoseconds hop = link.latency.value_or(fabric_.link_latency) + fabric_.switch_latency;
        const LinkTimes times = link.whole_latency.value_or(LinkTimes{hop, hop});
        const auto key = std::tuple{bandwidth, times.forward, times.backward, link.bonded};
        const auto found = classes_.find(key);
        if (found != classes_.end()) {
            return found->second;
        }
        const std::string name = classes_.empty() ? "trunk" : fmt::format("trunk_{}", classes_.size() + 1);
        const std::uint16_t made = builder_.add_class(
            {.name = name, .bandwidth = bandwidth, .latency = {times.forward, times.backward}, .bonded = link.bonded});
        classes_.emplace(key, made);
        return made;
    }

private:
    TopologyBuilder& builder_;
    const FabricConfig& fabric_;
    std::map<std::tuple<BytesPerSecond, Picoseconds, Picoseconds, std::int32_t>, std::uint16_t> classes_;
};

}  // namespace

void check_direct(Findings& findings, const ClusterConfig& config) {
    const FabricConfig& fabric = config.fabric;
    const int ports = config.server.nics.ports;
    const WiringGraph graph = graph_of(config);
    findings.expect_bandwidth(fabric.uplink, "links between switches");
    if (!findings.expect(fabric.hosts_per_switch >= 1,
                         fmt::format("{} host ports a switch, expected at least 1", fabric.hosts_per_switch))) {
        return;
    }
    findings.expect(
        graph.cards % ports == 0,
        fmt::format("{} switches do not make groups of {}, one for each port of a NIC", graph.cards, ports));
    const std::int64_t room = std::int64_t{graph.cards} * fabric.hosts_per_switch;
    findings.expect(nic_ports_of(config) <= room,
                    fmt::format("{} NIC ports, but {} switches with {} host ports each have {}", nic_ports_of(config),
                                graph.cards, fabric.hosts_per_switch, room));
    expect_ports(findings, "a switch", fabric.hosts_per_switch + std::int64_t{graph.links_per_card()});
}

std::int64_t direct_edges(const ClusterConfig& config) {
    return nic_ports_of(config) + static_cast<std::int64_t>(graph_of(config).links.size());
}

void add_direct(TopologyBuilder& builder, const ClusterConfig& config, const ServerLayout& servers) {
    const FabricConfig& fabric = config.fabric;
    const NicConfig& nics = config.server.nics;
    const WiringGraph graph = graph_of(config);
    const int per_segment = segment_size(graph);
    const std::uint16_t host_link = builder.add_class(nic_link_class(config, "nic_switch"));
    std::vector<NodeId> switches;
    for (int n = 0; n < graph.cards; ++n) {
        const int segment = n / per_segment;
        std::string name =
            per_segment == 1 ? fmt::format("switch{}", n) : fmt::format("group{}.switch{}", segment, n % per_segment);
        switches.push_back(add_switch(builder, std::move(name), segment, 2));
    }
    for (const WiringSwitch& hub : graph.switches) {
        switches.push_back(add_switch(builder, hub.name, -1, 2 + hub.level));
    }
    plug_in_order(builder, config, servers, switches, fabric.hosts_per_switch, host_link);
    mark_segments(builder.topology(),
                  [&](int server) { return server * nics.count / fabric.hosts_per_switch * nics.ports / per_segment; });
    TrunkClasses classes(builder, fabric);
    for (const WiringLink& link : graph.links) {
        const EdgeId id = builder.connect(switches[static_cast<std::size_t>(link.a)],
                                          switches[static_cast<std::size_t>(link.b)], classes.of(link));
        builder.topology().edges[index(id)].dimension = link.dimension;
        builder.topology().edges[index(id)].closes_ring = link.closes_ring;
    }
}

}  // namespace myriad
