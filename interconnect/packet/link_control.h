#pragma once
// What one direction of a link has beyond the serialiser where buffers are bounded or packets take turns: queues before
// the link (arbiter.h), the credits of the buffers behind it (credit_ledger.h), and, where the buffer is read as a FIFO,
// the packets that wait in it. Kernel-free; lies in the HotArena.

#include "interconnect/packet/arbiter.h"
#include "interconnect/packet/flow_control.h"
#include "interconnect/packet/shared_buffer.h"
#include "interconnect/packet/virtual_channels.h"
#include "sim/random/random_stream.h"

#include <cstdint>
#include <optional>

namespace myriad {

struct LinkControlStats {
    std::int64_t credit_stalls = 0;  // times that the link was free, a packet waited, and credit lacked
    Picoseconds credit_stalled{};    // time spent so
    std::int64_t pauses = 0;         // times that the far end told it to pause
    Picoseconds paused{};            // time spent so
    std::int64_t marks = 0;          // packets marked that joined its queue
    std::int64_t retries = 0;        // packets that it had to send again
};

// Of one kind of link, and where in the wiring it is.
struct LinkControlConfig {
    Arbitration arbitration = Arbitration::fifo;
    int channels = 1;
    std::int64_t buffer = -1;  // bytes a channel; negative: unbounded
    InputQueues queues = InputQueues::per_output;
    Picoseconds credit_latency{};  // from the buffer back to the sender
    std::uint8_t dimension = 0;
    bool closes_ring = false;
    // Ethernet: memory of the node at the far end, of which this link fills input `input`; null: none.
    SharedBuffer* shared = nullptr;
    std::size_t input = 0;
    Picoseconds pause_latency{};  // from the far end's decision to its effect here
    const MarkConfig* marking = nullptr;
    LinkErrors errors{};
    RandomStream* chance = nullptr;  // of marks and errors; null where there are neither
};

// A buffer that is read a packet at a time, in order.
struct InputFifo {
    Packet* first = nullptr;
    Packet* last = nullptr;
    bool reading = false;  // its first packet has been offered to its way out
    TimePoint free_at{};   // when what is being read has left
};

class LinkControl {
public:
    // `channels` and `inputs` are arrays of config.channels; `inputs` may be null where queues are per output.
    LinkControl(const LinkControlConfig& config, QueueingMemory& memory, ChannelState* channels, InputFifo* inputs)
        : arbiter_(config.arbitration, memory, channels, config.channels),
          memory_(memory),
          channels_(channels),
          inputs_(inputs),
          credit_latency_(config.credit_latency),
          count_(static_cast<std::uint8_t>(config.channels)),
          dimension_(config.dimension),
          closes_ring_(config.closes_ring),
          turns_are_final_(config.arbitration != Arbitration::per_flow_fair && config.shared == nullptr &&
                           config.chance == nullptr),
          shared_(config.shared),
          input_(config.input),
          pause_latency_(config.pause_latency),
          marking_(config.marking),
          errors_(config.errors),
          chance_(config.chance) {}

    // Once a packet and link: from now on next_channel() is that of this link.
    void enter(Packet& packet) const { enter_link(packet, dimension_, closes_ring_); }
    [[nodiscard]] int next_channel(const Packet& packet) const { return channel_of(packet, count_); }

    // Whether a packet whose turn is the next will have it whatever happens until then: not where the link may be paused,
    // or a turn is several packets, or what waits is counted for marks.
    [[nodiscard]] bool turns_are_final() const noexcept { return turns_are_final_; }
    // Whether the packet, with nothing before it, could begin at `start` as far as credit goes. Nothing else of this link
    // begins until then, so what comes back until then is counted.
    [[nodiscard]] bool covers(const Packet& packet, TimePoint start) {
        CreditLedger& credit = channels_[next_channel(packet)].credit;
        credit.settle(start, memory_.returns);
        return !paused_since_ && credit.covers(packet.bytes);
    }
    // Nothing waits, and the packet will begin at `start`.
    void give_next_turn(const Packet& packet, TimePoint start) {
        arbiter_.give_next_turn(packet, next_channel(packet), start);
    }
    // From packet.entered on it waits.
    void push(Packet& packet) {
        if (arbiter_.empty()) {
            waiting_since_ = packet.entered;
        }
        mark(packet);
        arbiter_.push(packet, next_channel(packet));
    }

    // The packet that begins now, if any may. The link has been free since `free`.
    [[nodiscard]] Packet* pop(TimePoint now, TimePoint free);

    // The first moment from `time` on at which pop() will give a packet, as far as is known; kNever: a credit must come.
    [[nodiscard]] TimePoint next_chance(TimePoint time) const;

    // The packet begins now: it claims its room in the buffer behind the link and is of that channel from here on.
    void claim(Packet& packet) {
        packet.channel = static_cast<std::uint8_t>(next_channel(packet));
        channels_[packet.channel].credit.claim(packet.bytes);
    }
    // The packet leaves that buffer at `at`.
    void give_back(const Packet& packet, TimePoint at) {
        channels_[packet.channel].credit.give_back(packet.bytes, at + credit_latency_, memory_.returns);
    }

    // Priority flow control: the far end has told this sender to pause, to go on.
    void pause(TimePoint now);
    void resume(TimePoint now);
    [[nodiscard]] SharedBuffer* shared() const noexcept { return shared_; }
    [[nodiscard]] std::size_t shared_input() const noexcept { return input_; }
    [[nodiscard]] Picoseconds pause_latency() const noexcept { return pause_latency_; }

    // Whether the packet that begins now will arrive damaged; if so, it can be sent again this long after its last byte
    // has come.
    [[nodiscard]] bool damaged(const Packet& packet);
    [[nodiscard]] Picoseconds retry_latency() const noexcept { return credit_latency_ + errors_.detection; }

    [[nodiscard]] InputFifo* input(const Packet& packet) const {
        return inputs_ == nullptr ? nullptr : inputs_ + packet.channel;
    }

    [[nodiscard]] const Arbiter& waiting() const noexcept { return arbiter_; }
    [[nodiscard]] const LinkControlStats& stats() const noexcept { return stats_; }
    [[nodiscard]] int channels() const noexcept { return count_; }
    [[nodiscard]] const CreditLedger& credit(int channel) const { return channels_[channel].credit; }
    void prefetch_channels() const { __builtin_prefetch(channels_); }
    // For the law at the end of a run: counts every return that is on its way.
    void settle_all() {
        for (int c = 0; c < count_; ++c) {
            channels_[c].credit.settle(kNever, memory_.returns);
        }
    }

private:
    void mark(Packet& packet);

    Arbiter arbiter_;
    QueueingMemory& memory_;
    ChannelState* channels_;
    InputFifo* inputs_;
    Picoseconds credit_latency_;
    TimePoint waiting_since_;  // while something waits: when that began
    LinkControlStats stats_;
    std::uint8_t count_;
    std::uint8_t dimension_;
    bool closes_ring_;
    bool turns_are_final_;
    SharedBuffer* shared_;
    std::size_t input_;
    Picoseconds pause_latency_;
    const MarkConfig* marking_;
    LinkErrors errors_;
    RandomStream* chance_;
    std::optional<TimePoint> paused_since_;
};

}  // namespace myriad
