#pragma once
// Which virtual channel a packet takes on a link, so that buffers that wait for each other never form a circle:
//
//   channel = 2 x phase + dateline
//
// `phase` counts how often the route has gone from a higher dimension of the wiring to a lower one, `dateline` is 1 from
// the link on that closes a ring of the dimension in which the packet is; it is 0 again when the dimension changes.
// Within a phase and a dimension a ring is cut at its dateline, dimensions only rise, and phases only rise: no way back.
// A dateline that is crossed again in the same dimension raises the phase: global links of a dragonfly, of which a
// shortest way may take two in a row, are all datelines, and so is the same link on a detour (Valiant). Links that lead out
// of a server are above all of its dimensions: a packet that has come in over them and goes on between cards, which it does
// where rails only meet inside servers, is a phase further. Links without dimensions (switches) are all of dimension 0; a
// route up and down a tree needs one channel.
//
// Where a link has fewer channels than that, the last one takes the rest; channel_dependency.h says whether that is safe.

#include "interconnect/topology/topology.h"
#include "sim/network/message.h"

#include <algorithm>
#include <cstdint>

namespace myriad {

// The packet enters a link of this dimension: what it has to remember.
inline void enter_link(Packet& packet, std::uint8_t dimension, bool closes_ring) {
    if (dimension != packet.dimension) {
        packet.phase = static_cast<std::uint8_t>(packet.phase + (dimension < packet.dimension ? 1 : 0));
        packet.dimension = dimension;
        packet.crossed_dateline = false;
    }
    if (closes_ring) {
        packet.phase = static_cast<std::uint8_t>(packet.phase + (packet.crossed_dateline ? 1 : 0));
        packet.crossed_dateline = true;
    }
}

// Of the link that it entered last, which has `channels`.
[[nodiscard]] inline std::uint8_t channel_of(const Packet& packet, int channels) {
    return static_cast<std::uint8_t>(std::min(2 * packet.phase + (packet.crossed_dateline ? 1 : 0), channels - 1));
}

// The kinds of links that flow control tells apart.
enum class LinkKind : std::uint8_t { icn, pcie, ethernet };

// By what stands at its ends: an Ethernet switch, or two NICs, make it Ethernet; another NIC or PCIe switch, PCIe.
[[nodiscard]] inline LinkKind kind_of(const Topology& topology, const Edge& edge) {
    const NodeKind a = topology.nodes[index(edge.a)].kind;
    const NodeKind b = topology.nodes[index(edge.b)].kind;
    if (a == NodeKind::ethernet_switch || b == NodeKind::ethernet_switch ||
        (a == NodeKind::nic && b == NodeKind::nic)) {
        return LinkKind::ethernet;
    }
    const bool host =
        a == NodeKind::pcie_switch || b == NodeKind::pcie_switch || a == NodeKind::nic || b == NodeKind::nic;
    return host ? LinkKind::pcie : LinkKind::icn;
}

// The dimension that the rule goes by.
[[nodiscard]] inline std::uint8_t channel_dimension(const Topology& topology, const Edge& edge) {
    constexpr std::uint8_t kOutside = 0xFF;
    return kind_of(topology, edge) == LinkKind::icn ? edge.dimension : kOutside;
}

}  // namespace myriad
