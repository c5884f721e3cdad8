#pragma once
// The wiring of a cluster as a graph of nodes, ports and full-duplex edges. Plain data: every fidelity level, the
// analyses and the pictures read it; nothing here knows time or SystemC.

#include "sim/identity/card_id.h"
#include "sim/units/units.h"

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

enum class NodeId : std::uint32_t {};
enum class EdgeId : std::uint32_t {};
constexpr std::uint32_t index(NodeId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t index(EdgeId id) { return static_cast<std::uint32_t>(id); }

enum class NodeKind : std::uint8_t { card, icn_switch, pcie_switch, nic, ethernet_switch };

// Latency of a link by direction (0: a to b, 1: b to a); the two differ where only one end forwards.
struct LinkLatency {
    LinkLatency() = default;
    LinkLatency(Picoseconds both) : forward(both), backward(both) {}  // NOLINT: the symmetric case reads as a time
    LinkLatency(Picoseconds a_to_b, Picoseconds b_to_a) : forward(a_to_b), backward(b_to_a) {}
    [[nodiscard]] Picoseconds operator[](int direction) const { return direction == 0 ? forward : backward; }
    Picoseconds forward{};
    Picoseconds backward{};
};

// What a kind of link is made of. `bandwidth` is per direction and is what the link delivers to payload: raw rate times
// efficiency, already multiplied. `latency` is from the first bit sent to the first bit received, the forwarding
// delay of the node it enters included.
struct LinkClass {
    std::string name;  // "icn", "pcie", "nic_tor", "tor_agg"
    BytesPerSecond bandwidth;
    LinkLatency latency;
    std::int32_t bonded = 1;  // physical links of the chip that one edge stands for
};

inline constexpr std::int32_t kNoServer = -1;

struct Node {
    NodeKind kind = NodeKind::card;
    std::string name;                 // hierarchical: "server12.card3", "segment0.tor5", "plane1.agg17"
    std::int32_t server = kNoServer;  // index of the server it sits in
    std::int32_t segment = -1;        // for drawing and grouping of fabric nodes
    std::int32_t tier = 0;            // 0 cards, 1 inside a server, 2 ToR or leaf, 3 aggregation or spine, 4 core
    std::vector<EdgeId> ports;        // port p is edge ports[p]
};

// One full-duplex link. Direction 0 goes from a to b, direction 1 back; a is the end of the lower tier. Parallel links
// between the same two nodes are separate edges unless a recipe bonds them into one class of their summed bandwidth.
struct Edge {
    NodeId a{};
    NodeId b{};
    std::uint16_t port_a = 0;
    std::uint16_t port_b = 0;
    std::uint16_t link_class = 0;  // index into Topology::link_classes
    // Of the grid that the link belongs to, innermost 0: a torus's x, y, z, a product's factors, a HyperX's
    // dimensions. What dimension-order routing and virtual channels go by; 0 where a recipe has no dimensions.
    std::uint8_t dimension = 0;
    // The link closes a ring of its dimension, or is a global link of a dragonfly: a packet that crosses it changes its
    // virtual channel (dateline).
    bool closes_ring = false;
    // Out of service (changes.h): keeps its number and its ports, but carries nothing and no route takes it.
    bool down = false;
};

struct Topology {
    std::string name;
    std::vector<LinkClass> link_classes;
    std::vector<Node> nodes;
    std::vector<Edge> edges;
    std::vector<NodeId> cards;  // cards[c] is the node of CardId{c}
    // ICN switches that add and multicast. Each has two ends of messages of its own, numbered on from the cards: switch i
    // adds as CardId{cards.size() + 2 i} and multicasts as the next one.
    std::vector<NodeId> reducers;
    std::int32_t servers = 0;
    std::int32_t cards_per_server = 0;
    // Sizes of the hierarchy inside a server that collectives may use, innermost first: {4, 4} for K4 x K4, {8} for a
    // switch or one full mesh.
    std::vector<int> server_hierarchy;
    std::int32_t links_per_card = 0;  // that the chip has; the wiring may use fewer or, when divided, more
};

// Where messages from and to `end` begin and finish: a card, or a reducing switch.
[[nodiscard]] inline NodeId node_of(const Topology& topology, CardId end) {
    const std::size_t number = index(end);
    return number < topology.cards.size() ? topology.cards[number]
                                          : topology.reducers[(number - topology.cards.size()) / 2];
}
// Ends of messages: cards and, two each, reducing switches.
[[nodiscard]] inline std::size_t ends_of(const Topology& topology) {
    return topology.cards.size() + 2 * topology.reducers.size();
}

// A way over an edge: what packets, loads and utilisation are counted by.
struct DirectedEdge {
    EdgeId edge{};
    std::uint8_t direction = 0;
    auto operator<=>(const DirectedEdge&) const = default;
};

// The node at the far end of port `port` of `node`, and the way there.
struct Step {
    DirectedEdge way;
    NodeId to{};
};
[[nodiscard]] inline Step step_over(const Topology& topology, NodeId node, std::uint16_t port) {
    const EdgeId id = topology.nodes[index(node)].ports[port];
    const Edge& edge = topology.edges[index(id)];
    // A link of a node to itself does not exist, so the end decides the direction.
    return edge.a == node ? Step{{id, 0}, edge.b} : Step{{id, 1}, edge.a};
}
[[nodiscard]] inline const LinkClass& class_of(const Topology& topology, EdgeId edge) {
    return topology.link_classes[topology.edges[index(edge)].link_class];
}
[[nodiscard]] inline Picoseconds latency_of(const Topology& topology, DirectedEdge way) {
    return class_of(topology, way.edge).latency[way.direction];
}

}  // namespace myriad
