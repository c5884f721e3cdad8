#pragma once
// A transport with a fixed latency and bandwidth on a queue of its own: what closed forms assume.

#include "interconnect/transport.h"
#include "sim/units/units.h"

#include <functional>
#include <map>
#include <queue>
#include <utility>
#include <vector>

namespace myriad {

enum class PortModel {
    per_sender,  // a card has one port, which serialises all that it sends
    per_pair,    // each pair of cards has a link of its own
};

class FixedTransport final : public Transport {
public:
    FixedTransport(PortModel ports, BytesPerSecond bandwidth, Picoseconds latency)
        : ports_(ports), bandwidth_(bandwidth), latency_(latency) {}

    void post(CardId from, CardId to, Bytes size, std::uint64_t tag, Arrival /*arrival*/,
              TransportClient& client) override {
        Picoseconds& free = free_[{index(from), ports_ == PortModel::per_pair ? index(to) : 0}];
        free = std::max(free, now_) + transfer_time_ceil(size, bandwidth_);
        bytes_ += size;
        ++messages_;
        at(free + latency_ + (jitter ? jitter() : Picoseconds{0}),
           [from, to, tag, &client] { client.on_arrival(from, to, tag); });
    }
    void at(Picoseconds time, std::function<void()> action) { events_.push({time, sequence_++, std::move(action)}); }
    void run() {
        while (!events_.empty()) {
            const Event event = events_.top();
            events_.pop();
            now_ = event.time;
            event.action();
        }
    }
    [[nodiscard]] Picoseconds now() const { return now_; }
    [[nodiscard]] Bytes bytes() const { return bytes_; }
    [[nodiscard]] std::int64_t messages() const { return messages_; }

    std::function<Picoseconds()> jitter;  // extra latency of a message

private:
    struct Event {
        Picoseconds time;
        std::uint64_t sequence;
        std::function<void()> action;
        bool operator<(const Event& other) const {
            return std::pair(other.time, other.sequence) < std::pair(time, sequence);
        }
    };
    PortModel ports_;
    BytesPerSecond bandwidth_;
    Picoseconds latency_;
    Picoseconds now_{};
    std::priority_queue<Event> events_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, Picoseconds> free_;
    std::uint64_t sequence_ = 0;
    Bytes bytes_;
    std::int64_t messages_ = 0;
};

}  // namespace myriad
