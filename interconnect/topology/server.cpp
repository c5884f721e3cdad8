// Servers: cards wired by ICN, one PCIe switch for each NIC joining the cards that the NIC serves. One server is built
// as a template and stamped out, so that every server has the same ports in the same order and routes inside a server
// are shared; a card's ports are its ICN links and then, where NICs exist, one PCIe link.

#include "interconnect/topology/builder.h"
#include "interconnect/topology/wiring.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <tuple>

namespace myriad {
namespace {

// Edges alike in ends, bandwidth and latency share a link class, in the order in which they come up.
class IcnClasses {
public:
    IcnClasses(TopologyBuilder& builder, const ServerConfig& server, const WiringGraph& wiring)
        : builder_(builder), server_(server), wiring_(wiring), used_(wiring.links_per_card()) {}

    std::uint16_t of(const WiringLink& link) {
        const Picoseconds wire = link.latency.value_or(server_.links.latency);
        // Entering a switch costs its forwarding; entering a card is part of the link's own figure.
        const bool from_switch = link.a >= wiring_.cards;
        const bool to_switch = link.b >= wiring_.cards;
        const LinkTimes times =
            link.whole_latency.value_or(LinkTimes{wire + (to_switch ? server_.switch_latency : Picoseconds{}),
                                                  wire + (from_switch ? server_.switch_latency : Picoseconds{})});
        const BytesPerSecond bandwidth = icn_bandwidth(server_, link, used_);
        const auto key = std::tuple{from_switch, bandwidth, times.forward, times.backward, link.bonded};
        const auto found = classes_.find(key);
        if (found != classes_.end()) {
            return found->second;
        }
        std::string name = from_switch ? "icn_trunk" : "icn";
        int& alike = from_switch ? trunks_ : links_;
        name += ++alike > 1 ? fmt::format("_{}", alike) : "";
        const std::uint16_t made = builder_.add_class(
            {.name = name, .bandwidth = bandwidth, .latency = {times.forward, times.backward}, .bonded = link.bonded});
        classes_.emplace(key, made);
        return made;
    }

private:
    TopologyBuilder& builder_;
    const ServerConfig& server_;
    const WiringGraph& wiring_;
    int used_;
    int links_ = 0;
    int trunks_ = 0;
    std::map<std::tuple<bool, BytesPerSecond, Picoseconds, Picoseconds, std::int32_t>, std::uint16_t> classes_;
};

// Cards have been added as nodes 0..cards-1, so a node of the wiring has the same number here.
void add_icn(TopologyBuilder& builder, const ServerConfig& server, const WiringGraph& wiring) {
    for (const WiringSwitch& hub : wiring.switches) {
        builder.add_node(
            {.kind = NodeKind::icn_switch, .name = hub.name, .server = 0, .segment = -1, .tier = 1, .ports = {}});
    }
    IcnClasses classes(builder, server, wiring);
    for (const WiringLink& link : wiring.links) {
        const EdgeId id = builder.connect(NodeId{static_cast<std::uint32_t>(link.a)},
                                          NodeId{static_cast<std::uint32_t>(link.b)}, classes.of(link));
        Edge& edge = builder.topology().edges[index(id)];
        edge.dimension = link.dimension;
        edge.closes_ring = link.closes_ring;
    }
}

// Adds PCIe switches and NICs; gives the node of the first NIC.
std::uint32_t add_nics(TopologyBuilder& builder, const ServerConfig& server) {
    const NicConfig& nics = server.nics;
    if (nics.count == 0) {
        return 0;
    }
    // Entering a NIC costs its processing, from either side; PCIe itself has the same latency both ways.
    const auto card_link =
        builder.add_class({.name = "pcie", .bandwidth = server.pcie.bandwidth, .latency = server.pcie.latency});
    const auto nic_link = builder.add_class({.name = "pcie_nic",
                                             .bandwidth = server.pcie.bandwidth,
                                             .latency = {server.pcie.latency + nics.latency, server.pcie.latency}});
    std::vector<NodeId> switches;
    for (int n = 0; n < nics.count; ++n) {
        switches.push_back(builder.add_node({.kind = NodeKind::pcie_switch,
                                             .name = fmt::format("pcie{}", n),
                                             .server = 0,
                                             .segment = -1,
                                             .tier = 1,
                                             .ports = {}}));
        for (int card = n * server.cards / nics.count; card < (n + 1) * server.cards / nics.count; ++card) {
            builder.connect(NodeId{static_cast<std::uint32_t>(card)}, switches.back(), card_link);
        }
    }
    const auto first_nic = static_cast<std::uint32_t>(builder.topology().nodes.size());
    for (int n = 0; n < nics.count; ++n) {
        const NodeId nic = builder.add_node({.kind = NodeKind::nic,
                                             .name = fmt::format("nic{}", n),
                                             .server = 0,
                                             .segment = -1,
                                             .tier = 1,
                                             .ports = {}});
        builder.connect(switches[static_cast<std::size_t>(n)], nic, nic_link);
    }
    return first_nic;
}

// Copies the template (server 0 with local names) for every server.
void stamp(Topology& topology, const Topology& pattern, const ClusterConfig& config) {
    const auto nodes = static_cast<std::uint32_t>(pattern.nodes.size());
    const auto edges = static_cast<std::uint32_t>(pattern.edges.size());
    const bool fabric_ports = config.fabric.recipe != FabricRecipe::none;
    for (std::int32_t server = 0; server < config.servers; ++server) {
        const auto number = static_cast<std::uint32_t>(server);
        const std::string prefix = fmt::format("server{}.", server);
        for (std::uint32_t n = 0; n < nodes; ++n) {
            const Node& model = pattern.nodes[n];
            Node& node = topology.nodes.emplace_back();
            node.kind = model.kind;
            node.name.reserve(prefix.size() + model.name.size());
            node.name.append(prefix).append(model.name);
            node.server = server;
            node.tier = model.tier;
            const bool more = model.kind == NodeKind::nic && fabric_ports;
            node.ports.reserve(model.ports.size() + (more ? static_cast<std::size_t>(config.server.nics.ports) : 0));
            for (const EdgeId port : model.ports) {
                node.ports.push_back(EdgeId{number * edges + index(port)});
            }
            if (model.kind == NodeKind::card) {
                topology.cards.push_back(NodeId{number * nodes + n});
            } else if (model.kind == NodeKind::icn_switch && config.server.switch_reduction) {
                topology.reducers.push_back(NodeId{number * nodes + n});
            }
        }
        for (const Edge& model : pattern.edges) {
            Edge& edge = topology.edges.emplace_back(model);
            edge.a = NodeId{number * nodes + index(model.a)};
            edge.b = NodeId{number * nodes + index(model.b)};
        }
    }
}

}  // namespace

ServerLayout add_servers(TopologyBuilder& builder, const ClusterConfig& config, const WiringGraph& wiring) {
    const ServerConfig& server = config.server;
    Topology pattern;
    TopologyBuilder local(pattern);
    for (int card = 0; card < server.cards; ++card) {
        local.add_node({.kind = NodeKind::card,
                        .name = fmt::format("card{}", card),
                        .server = 0,
                        .segment = -1,
                        .tier = 0,
                        .ports = {}});
    }
    add_icn(local, server, wiring);
    const std::uint32_t first_nic = add_nics(local, server);

    Topology& topology = builder.topology();
    MYRIAD_CHECK(topology.nodes.empty(), "servers come first");
    topology.servers = config.servers;
    topology.cards_per_server = server.cards;
    topology.server_hierarchy = wiring.hierarchy;
    topology.links_per_card = server.links.links;
    topology.link_classes = pattern.link_classes;
    topology.nodes.reserve(pattern.nodes.size() * static_cast<std::size_t>(config.servers));
    topology.cards.reserve(static_cast<std::size_t>(server.cards) * static_cast<std::size_t>(config.servers));
    stamp(topology, pattern, config);
    return {.nodes = static_cast<std::uint32_t>(pattern.nodes.size()), .first_nic = first_nic};
}

}  // namespace myriad
