#pragma once
// The wiring of a cluster as a graph of nodes, ports and full-duplex edges. Plain data: every fidelity level, the
// analyses and the pictures read it; nothing here knows time or SystemC.

#include "sim/identity/card_id.h"
#include "sim/units/units.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

enum class NodeId : std::uint32_t {};
enum class EdgeId : std::uint32_t {};
constexpr std::uint32_t index(NodeId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t index(EdgeId id) { return static_cast<std::uint32_t>(id); }

enum class NodeKind : std::uint8_t { card, icn_switch, pcie_switch, nic, ethernet_switch };

// What a kind of link is made of. `bandwidth` is per direction and is what the link delivers to payload: raw rate times
// efficiency, already multiplied. `latency` is from the first bit sent to the first bit received, the forwarding
// delay of the node it enters included.
struct LinkClass {
    std::string name;  // "icn", "pcie", "nic_tor", "tor_agg"
    BytesPerSecond bandwidth;
    Picoseconds latency;
};

inline constexpr std::int32_t kNoServer = -1;

struct Node {
    NodeKind kind = NodeKind::card;
    std::string name;                  // hierarchical: "server12.card3", "segment0.tor5", "plane1.agg17"
    std::int32_t server = kNoServer;   // index of the server it sits in
    std::int32_t segment = -1;         // for drawing and grouping of fabric nodes
    std::int32_t tier = 0;             // 0 cards, 1 inside a server, 2 ToR or leaf, 3 aggregation or spine, 4 core
    std::vector<EdgeId> ports;         // port p is edge ports[p]
};

// One full-duplex link. Direction 0 goes from a to b, direction 1 back. Parallel links between the same two nodes are
// separate edges unless a recipe bonds them into one class of their summed bandwidth.
struct Edge {
    NodeId a{};
    NodeId b{};
    std::uint16_t port_a = 0;
    std::uint16_t port_b = 0;
    std::uint16_t link_class = 0;  // index into Topology::link_classes
};

struct Topology {
    std::string name;
    std::vector<LinkClass> link_classes;
    std::vector<Node> nodes;
    std::vector<Edge> edges;
    std::vector<NodeId> cards;  // cards[c] is the node of CardId{c}
    std::int32_t servers = 0;
    std::int32_t cards_per_server = 0;
    // Sizes of the hierarchy inside a server that collectives may use, innermost first: {4, 4} for K4 x K4, {8} for a
    // switch or one full mesh.
    std::vector<int> server_hierarchy;
};

}  // namespace myriad
