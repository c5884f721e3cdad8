#pragma once
// What waits for one direction of a link, and who goes first. Kernel-free.
//
// Packets of one source of turns (an input of the node, or a flow) and one virtual channel stand in one queue; queues of
// a channel stand in a ring. Each time a queue gets to the end of its ring it draws a ticket, and of the channels that
// may send, the one whose front queue holds the lowest ticket does: turns go round over all queues, and a channel
// without credit only steps aside. What a card sends itself already takes turns at its port, so at per-flow-fair
// arbitration it is one queue that sends as many packets a turn as connections take turns there (Packet::turns).

#include "interconnect/packet/credit_ledger.h"
#include "interconnect/packet/flow_control.h"
#include "interconnect/packet/queue_table.h"
#include "sim/network/message.h"
#include "sim/network/pool.h"

#include <cstdint>
#include <deque>

namespace myriad {

struct PacketQueue {
    Packet* first = nullptr;
    Packet* last = nullptr;
    PacketQueue* next = nullptr;  // in the ring
    std::int64_t ticket = 0;
    std::uint64_t key = 0;
    std::int32_t turns_left = 0;
};

// Shared by all directions of a fabric.
struct QueueingMemory {
    Pool<PacketQueue> queues;
    Pool<CreditReturn> returns;
    std::deque<QueueTable> tables;
};

// One virtual channel at its sender.
struct ChannelState {
    explicit ChannelState(std::int64_t capacity) : credit(capacity) {}
    CreditLedger credit;
    PacketQueue* front = nullptr;
    PacketQueue* back = nullptr;
    std::int32_t queues = 0;
};

class Arbiter {
public:
    // `channels` is an array of `count` that outlives the arbiter.
    Arbiter(Arbitration rule, QueueingMemory& memory, ChannelState* channels, int count)
        : memory_(memory), channels_(channels), count_(static_cast<std::uint8_t>(count)), rule_(rule) {}

    // Inputs of the node are told apart by the buffer that the packet occupies; what has none is the node's own.
    void push(Packet& packet, int channel);

    // The packet, with nothing waiting, will have the turn at `start`, without a queue. Turns go on as if it waited until
    // then: who of the same queue comes meanwhile stands behind all others that do.
    void give_next_turn(const Packet& packet, int channel, TimePoint start) {
        next_key_ = key_of(packet, channel);
        next_start_ = start;
        next_passes_ = packet.turns == 0;
    }
    [[nodiscard]] bool next_turn_is_open(TimePoint now) const { return packets_ == 0 && next_start_ < now; }
    // Until when the link will be busy with what has begun, and what it sends itself next; `free`: with everything.
    [[nodiscard]] TimePoint busy_until(TimePoint now, TimePoint free) const {
        return next_passes_ && next_start_ > now ? next_start_ : free;
    }

    // Takes the packet whose turn it is among the channels whose credit covers their front; null if there is none.
    [[nodiscard]] Packet* pop();

    [[nodiscard]] bool empty() const noexcept { return packets_ == 0; }
    [[nodiscard]] std::int32_t packets() const noexcept { return packets_; }
    [[nodiscard]] std::int64_t bytes() const noexcept { return bytes_; }
    // Of what waits, the bytes that the node sends itself.
    [[nodiscard]] std::int64_t own_bytes() const noexcept { return own_bytes_; }

    // Calls visit(const Packet&) for each that waits.
    template <class Visit>
    void each(Visit&& visit) const {
        for (int c = 0; c < count_; ++c) {
            for (const PacketQueue* queue = channels_[c].front; queue != nullptr; queue = queue->next) {
                for (const Packet* packet = queue->first; packet != nullptr; packet = packet->next) {
                    visit(*packet);
                }
            }
        }
    }

private:
    [[nodiscard]] std::uint64_t key_of(const Packet& packet, int channel) const;
    [[nodiscard]] PacketQueue* find(const ChannelState& channel, std::uint64_t key) const;
    void remember(PacketQueue& queue);
    void forget(PacketQueue& queue);
    void append(ChannelState& channel, PacketQueue& queue);
    void enter_ring(ChannelState& channel, PacketQueue& queue, TimePoint now);

    QueueingMemory& memory_;
    ChannelState* channels_;
    QueueTable* table_ = nullptr;  // of all queues, from the first time on that there are many
    std::int64_t next_ticket_ = 0;
    std::uint64_t next_key_ = 0;               // of the packet that was given the next turn
    TimePoint next_start_ = TimePoint::min();  // when it begins
    PacketQueue* behind_ = nullptr;            // the queue that it would be of, until then
    std::int64_t bytes_ = 0;
    std::int64_t own_bytes_ = 0;
    std::int32_t packets_ = 0;
    std::uint8_t count_;
    Arbitration rule_;
    bool next_passes_ = false;  // it is not the node's own
};

}  // namespace myriad
