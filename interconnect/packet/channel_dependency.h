#pragma once
// Whether routes can deadlock on bounded buffers: the graph whose nodes are the virtual channels of directed links and
// whose arcs say "a packet in the buffer behind this channel may wait for that one". Without a circle, some packet can
// always move (Dally and Seitz 1987).

#include "interconnect/packet/flow_control.h"
#include "interconnect/routing/routes.h"
#include "interconnect/topology/topology.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

inline constexpr int kMaxChannels = 16;  // of a link

class ChannelDependencies {
public:
    // Both outlive the object.
    ChannelDependencies(const Topology& topology, const FlowControlConfig& control);

    // Adds what a packet that leaves `from` over this route holds and waits for.
    void add(CardId from, Route route);

    // A circle of channels in the order in which they wait, the first not repeated; empty: there is none.
    [[nodiscard]] std::vector<std::uint32_t> circle() const;
    // "server0.card1 -> server0.card2 (channel 0)".
    [[nodiscard]] std::string name(std::uint32_t channel) const;
    [[nodiscard]] std::size_t arcs() const;

private:
    // How many channels the buffers behind this edge have; 0: they are unbounded, nobody waits for them.
    [[nodiscard]] int channels_of(EdgeId edge) const;

    const Topology& topology_;
    const FlowControlConfig& control_;
    std::vector<std::vector<std::uint32_t>> waits_for_;  // by (2 x edge + direction) x kMaxChannels + channel; sorted
};

// As many channels as the rule of virtual_channels.h tells apart on chip links, over the pairs that check_channels looks
// at; at most kMaxChannels.
[[nodiscard]] int channels_needed(const Topology& topology, Router& router);

// A route on which buffers may wait in a circle is the user's error: the message names the circle. Looked at are all
// pairs of cards of a cluster of at most kPairsChecked pairs; of a larger one, all pairs of the first server and, from
// its first card, the pairs to all others: servers are alike, and what joins them is climbed and descended. Of a server
// that has more pairs than that, as many drawn at random, some from each card. Returns what was looked at, for the report.
inline constexpr std::size_t kPairsChecked = 65'536;
std::string check_channels(const Topology& topology, Router& router, const FlowControlConfig& control);

// Before a run with bounded buffers: puts in the number of channels where it is left open, and checks unless told not to.
void settle_channels(FlowControlConfig& control, const Topology& topology, Router& router, bool check);

}  // namespace myriad
