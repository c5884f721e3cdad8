#pragma once
// Matches sends and receives by (from, to, tag) in the order in which they were written, either side first. A message
// leaves when it is sent (eager): the receiver's buffer is assumed to exist, and a late receive finds it there. Moving
// the bytes is the business of the network that owns this.

#include "sim/identity/card_id.h"
#include "sim/time/completion.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace myriad {

class PointToPoint {
public:
    using MessageId = std::uint32_t;  // dense and reused: fits into the tag of a transport

    // A message leaves; the network reports it by arrived() once, later. `done` of the sender is called there.
    [[nodiscard]] MessageId send(CardId from, CardId to, std::uint64_t tag, Completion done);

    // True: the message is there already, and the caller owes `done` (through the agenda, at this instant); false:
    // arrived() will call it.
    [[nodiscard]] bool receive(CardId at, CardId from, std::uint64_t tag, Completion done);

    // The last byte of `message` is there: calls the sender's completion, then the receiver's if it waits.
    void arrived(MessageId message);

    // Messages that nobody has received and receives that no message has met, at the end of a run both 0.
    [[nodiscard]] std::size_t unmatched() const { return unmatched_; }
    [[nodiscard]] std::size_t in_flight() const { return in_flight_; }
    // The first few of these, a line each, in order of cards and tags.
    [[nodiscard]] std::string waiting_text() const;

private:
    struct Key {
        CardId from{};
        CardId to{};
        std::uint64_t tag = 0;
        auto operator<=>(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept;
    };
    struct Message {
        Key key;
        Completion sent;
        Completion received;
        bool live = false;
        bool here = false;
        bool matched = false;
    };
    // At most one of the two is not empty.
    struct Waiting {
        std::deque<MessageId> messages;
        std::deque<Completion> receives;
    };

    void release(MessageId message);

    std::vector<Message> messages_;
    std::vector<MessageId> free_;
    std::unordered_map<Key, Waiting, KeyHash> waiting_;  // looked up, never iterated
    std::size_t unmatched_ = 0;
    std::size_t in_flight_ = 0;
};

}  // namespace myriad
