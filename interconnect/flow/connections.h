#pragma once
// Who sends to whom on whose behalf: looked up once a message. A connection is what the packet level's port calls one:
// its messages follow one another on each of its routes.

#include "sim/identity/card_id.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace myriad {

// The lanes of a connection, one a route: numbers [first_lane, first_lane + lanes).
struct Connection {
    std::uint32_t first_lane = 0;
    std::uint32_t lanes = 0;
};

// A small hash table a sender, in which peers that follow one another lie side by side: an all-to-all walks it.
class Connections {
public:
    explicit Connections(std::size_t cards) : senders_(cards) {}

    // Null where there is none yet. `owner` is a small number.
    [[nodiscard]] const Connection* find(std::uint32_t owner, CardId from, CardId to) const {
        const Sender& sender = senders_[index(from)];
        if (sender.slots.empty()) {
            return nullptr;
        }
        const std::uint64_t key = key_of(owner, to);
        for (std::size_t at = place_of(sender, owner, to);; at = (at + 1) & (sender.slots.size() - 1)) {
            if (sender.slots[at].key == key) {
                return &sender.slots[at].connection;
            }
            if (sender.slots[at].key == kEmpty) {
                return nullptr;
            }
        }
    }

    void add(std::uint32_t owner, CardId from, CardId to, Connection connection) {
        Sender& sender = senders_[index(from)];
        if (2 * (sender.used + 1) > sender.slots.size()) {
            grow(sender);
        }
        insert(sender, {key_of(owner, to), connection});
        ++sender.used;
    }

    void clear() { senders_.assign(senders_.size(), Sender{}); }

private:
    static constexpr std::uint64_t kEmpty = ~std::uint64_t{0};
    struct Slot {
        std::uint64_t key = kEmpty;
        Connection connection;
    };
    struct Sender {
        std::vector<Slot> slots;
        std::size_t used = 0;
    };

    static std::uint64_t key_of(std::uint32_t owner, CardId to) { return std::uint64_t{owner} << 32 | index(to); }
    [[nodiscard]] static std::size_t place_of(const Sender& sender, std::uint32_t owner, CardId to) {
        return (index(to) + std::size_t{owner} * 0x9E37'79B9u) & (sender.slots.size() - 1);
    }
    static void insert(Sender& sender, const Slot& slot) {
        const auto owner = static_cast<std::uint32_t>(slot.key >> 32);
        std::size_t at = place_of(sender, owner, CardId{static_cast<std::uint32_t>(slot.key)});
        while (sender.slots[at].key != kEmpty) {
            at = (at + 1) & (sender.slots.size() - 1);
        }
        sender.slots[at] = slot;
    }
    static void grow(Sender& sender) {
        constexpr std::size_t kFirst = 8;
        std::vector<Slot> before(sender.slots.empty() ? kFirst : 2 * sender.slots.size());
        before.swap(sender.slots);
        for (const Slot& slot : before) {
            if (slot.key != kEmpty) {
                insert(sender, slot);
            }
        }
    }

    std::vector<Sender> senders_;
};

}  // namespace myriad
