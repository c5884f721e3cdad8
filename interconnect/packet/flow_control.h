#pragma once
// How links are kept from overrunning the buffers behind them, and who goes first where several packets wait for a link.
// Plain data; docs/packet_level.md has the formulas.

#include "interconnect/packet/ethernet_control.h"
#include "sim/units/units.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace myriad {

// Which of the packets that wait for a link goes next.
enum class Arbitration : std::uint8_t {
    fifo,           // the one whose head came first
    round_robin,    // inputs of the node take turns, a packet each; what the node sends itself is one input
    per_flow_fair,  // flows (source, destination, route) take turns, a packet each
};

// How packets wait at the far end of a link whose buffer is bounded.
enum class InputQueues : std::uint8_t {
    per_output,  // virtual output queues: none waits behind one for another way out
    one,         // a FIFO a virtual channel, read a packet at a time: the first blocks those behind it
};

// Packets that arrive damaged and are sent again over the same link.
struct LinkErrors {
    double bit_error_rate = 0.0;
    Picoseconds detection{};  // from the last bit to the sender's knowledge, on top of the way back
};

struct CreditConfig {
    int virtual_channels = 0;  // 0: as many as the routes need (channel_dependency.h)
    Bytes buffer{131'072};     // per physical link, direction and virtual channel
    LinkErrors errors{};
};

struct FlowControlConfig {
    // False: buffers are unbounded. What follows then has no effect.
    bool modelled = false;
    InputQueues queues = InputQueues::per_output;
    CreditConfig icn;  // links between cards, and of their switch
    CreditConfig pcie{1, Bytes{131'072}};
    std::optional<EthernetControl> ethernet{};  // absent: Ethernet links stay unbounded
    std::uint64_t seed = 1;                     // of marks and of errors

    // Whether senders slow down for marks.
    [[nodiscard]] bool paced() const { return modelled && ethernet && ethernet->dcqcn; }
};

// A cell must fit the smallest buffer that it may meet.
[[nodiscard]] inline Bytes smallest_buffer(const FlowControlConfig& control) {
    return std::min(control.icn.buffer, control.pcie.buffer);
}

// What the packet level is told about queues; the default is the FIFO link without bounds, the fastest.
struct QueueingConfig {
    Arbitration arbitration = Arbitration::fifo;
    FlowControlConfig control;
    Bytes largest_packet{4096};  // the cell: what headroom must allow for

    [[nodiscard]] bool plain() const { return arbitration == Arbitration::fifo && !control.modelled; }
};

}  // namespace myriad
