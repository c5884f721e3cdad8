// Queues in rings, tickets, and the table that finds a queue among many.

#include "interconnect/packet/arbiter.h"

#include <utility>

namespace myriad {

namespace {
constexpr std::int32_t kFewQueues = 8;  // are searched one by one
// No flow has this number: a card does not send to itself.
constexpr std::uint64_t kOwn = ~std::uint64_t{0} >> 8;
}  // namespace

PacketQueue* QueueTable::find(std::uint64_t key) const {
    if (slots_.empty()) {
        return nullptr;
    }
    for (std::size_t at = home(key); slots_[at].queue != nullptr; at = (at + 1) & (slots_.size() - 1)) {
        if (slots_[at].key == key) {
            return slots_[at].queue;
        }
    }
    return nullptr;
}

void QueueTable::add(std::uint64_t key, PacketQueue& queue) {
    if (2 * (used_ + 1) > slots_.size()) {
        grow();
    }
    std::size_t at = home(key);
    while (slots_[at].queue != nullptr) {
        at = (at + 1) & (slots_.size() - 1);
    }
    slots_[at] = {key, &queue};
    ++used_;
}

void QueueTable::remove(std::uint64_t key) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t gap = home(key);
    while (slots_[gap].key != key || slots_[gap].queue == nullptr) {
        gap = (gap + 1) & mask;
    }
    // What was pushed past the gap moves back into it, unless its home lies behind the gap.
    for (std::size_t at = (gap + 1) & mask; slots_[at].queue != nullptr; at = (at + 1) & mask) {
        if (((at - home(slots_[at].key)) & mask) >= ((at - gap) & mask)) {
            slots_[gap] = slots_[at];
            gap = at;
        }
    }
    slots_[gap] = {};
    --used_;
}

void QueueTable::grow() {
    std::vector<Slot> old(slots_.empty() ? 32 : 2 * slots_.size());
    old.swap(slots_);
    used_ = 0;
    for (const Slot& slot : old) {
        if (slot.queue != nullptr) {
            add(slot.key, *slot.queue);
        }
    }
}

std::uint64_t Arbiter::key_of(const Packet& packet, int channel) const {
    std::uint64_t turn = 0;
    if (rule_ == Arbitration::round_robin) {
        // An address, but compared for equality alone: which one it is has no say in the order.
        turn = reinterpret_cast<std::uintptr_t>(packet.buffer);
    } else if (rule_ == Arbitration::per_flow_fair) {
        // 20 bits a card, 16 a route: agenda ids end at 2^28, so a card's number fits.
        turn = packet.turns > 0 ? kOwn
                                : static_cast<std::uint64_t>(packet.message->from) << 36 |
                                      static_cast<std::uint64_t>(packet.message->to) << 16 | packet.route;
    }
    return turn << 8 | static_cast<std::uint64_t>(channel);
}

PacketQueue* Arbiter::find(const ChannelState& channel, std::uint64_t key) const {
    if (channel.queues > kFewQueues) {
        return table_->find(key);
    }
    for (PacketQueue* queue = channel.front; queue != nullptr; queue = queue->next) {
        if (queue->key == key) {
            return queue;
        }
    }
    return nullptr;
}

void Arbiter::remember(PacketQueue& queue) {
    ChannelState& channel = channels_[queue.key & 0xFF];
    if (++channel.queues <= kFewQueues) {
        return;
    }
    if (table_ == nullptr) {
        table_ = &memory_.tables.emplace_back();
    }
    if (channel.queues == kFewQueues + 1) {
        for (PacketQueue* other = channel.front; other != nullptr; other = other->next) {
            table_->add(other->key, *other);  // `queue` is not in the ring yet
        }
    }
    table_->add(queue.key, queue);
}

void Arbiter::forget(PacketQueue& queue) {
    ChannelState& channel = channels_[queue.key & 0xFF];
    if (--channel.queues < kFewQueues) {
        return;
    }
    table_->remove(queue.key);
    if (channel.queues == kFewQueues) {
        for (PacketQueue* other = channel.front; other != nullptr; other = other->next) {
            table_->remove(other->key);
        }
    }
}

void Arbiter::append(ChannelState& channel, PacketQueue& queue) {
    queue.next = nullptr;
    (channel.back == nullptr ? channel.front : channel.back->next) = &queue;
    channel.back = &queue;
    // First come, first served: the turn is that of the packet in front.
    queue.ticket = rule_ == Arbitration::fifo ? queue.first->entered.time_since_epoch().count() : next_ticket_++;
    queue.turns_left = queue.first->turns;
}

// A new queue. While the packet with the next turn has not begun, its own queue stays last.
void Arbiter::enter_ring(ChannelState& channel, PacketQueue& queue, TimePoint now) {
    if (now > next_start_ || rule_ == Arbitration::fifo) {
        append(channel, queue);
        return;
    }
    if (queue.key == next_key_) {
        behind_ = &queue;
        append(channel, queue);
        return;
    }
    append(channel, queue);
    if (behind_ == nullptr) {
        return;
    }
    std::swap(queue.ticket, behind_->ticket);
    if (channels_ + (behind_->key & 0xFF) != &channel) {
        return;
    }
    // It stands right before the one that has just been appended: they change places.
    PacketQueue** place = &channel.front;
    while (*place != behind_) {
        place = &(*place)->next;
    }
    *place = &queue;
    queue.next = behind_;
    behind_->next = nullptr;
    channel.back = behind_;
}

void Arbiter::push(Packet& packet, int number) {
    ChannelState& channel = channels_[number];
    packet.next = nullptr;
    ++packets_;
    bytes_ += packet.bytes;
    own_bytes_ += packet.turns > 0 ? packet.bytes : 0;
    const std::uint64_t key = key_of(packet, number);
    if (PacketQueue* queue = find(channel, key); queue != nullptr) {
        queue->last->next = &packet;
        queue->last = &packet;
        return;
    }
    PacketQueue& queue = memory_.queues.take();
    queue.first = queue.last = &packet;
    queue.key = key;
    remember(queue);
    enter_ring(channel, queue, packet.entered);
}

Packet* Arbiter::pop() {
    ChannelState* chosen = nullptr;
    for (int c = 0; c < count_; ++c) {
        ChannelState& channel = channels_[c];
        if (channel.front != nullptr && channel.credit.covers(channel.front->first->bytes) &&
            (chosen == nullptr || channel.front->ticket < chosen->front->ticket)) {
            chosen = &channel;
        }
    }
    if (chosen == nullptr) {
        return nullptr;
    }
    behind_ = nullptr;  // the link has begun everything before
    PacketQueue& queue = *chosen->front;
    Packet& packet = *queue.first;
    queue.first = packet.next;
    packet.next = nullptr;
    --packets_;
    bytes_ -= packet.bytes;
    own_bytes_ -= packet.turns > 0 ? packet.bytes : 0;
    if (queue.first != nullptr && rule_ == Arbitration::per_flow_fair && --queue.turns_left > 0) {
        return &packet;  // a turn of several packets is not over
    }
    chosen->front = queue.next;
    if (chosen->front == nullptr) {
        chosen->back = nullptr;
    }
    if (queue.first != nullptr) {
        append(*chosen, queue);
    } else {
        forget(queue);
        memory_.queues.give_back(queue);
    }
    return &packet;
}

}  // namespace myriad
