#pragma once
// Who sends to whom on whose behalf, by number: a hash table of plain records that is looked up once a message. A
// connection is what the packet level's port calls one: its messages follow one another on each of its routes.

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

class Connections {
public:
    Connections() : slots_(kFirstSlots) {}

    // Null where there is none yet. `owner` is a small number.
    [[nodiscard]] const Connection* find(std::uint32_t owner, CardId from, CardId to) const {
        const std::uint64_t key = key_of(owner, from, to);
        for (std::size_t at = place_of(key);; at = (at + 1) & (slots_.size() - 1)) {
            if (slots_[at].key == key) {
                return &slots_[at].connection;
            }
            if (slots_[at].key == kEmpty) {
                return nullptr;
            }
        }
    }

    void add(std::uint32_t owner, CardId from, CardId to, Connection connection) {
        if (2 * (used_ + 1) > slots_.size()) {
            grow();
        }
        insert({key_of(owner, from, to), connection});
        ++used_;
    }

    void clear() {
        slots_.assign(kFirstSlots, Slot{});
        used_ = 0;
    }

private:
    static constexpr std::size_t kFirstSlots = 1u << 10;
    static constexpr std::uint64_t kEmpty = ~std::uint64_t{0};
    struct Slot {
        std::uint64_t key = kEmpty;
        Connection connection;
    };

    static std::uint64_t key_of(std::uint32_t owner, CardId from, CardId to) {
        return std::uint64_t{owner} << 48 | std::uint64_t{index(from)} << 24 | index(to);
    }
    // A sender's peers lie side by side: an all-to-all walks the table instead of jumping in it.
    [[nodiscard]] std::size_t place_of(std::uint64_t key) const {
        const std::uint64_t sender = (key >> 24) * 0x9E3779B97F4A7C15u;
        return static_cast<std::size_t>((sender >> 20) + (key & 0xFF'FFFF)) & (slots_.size() - 1);
    }
    void insert(const Slot& slot) {
        std::size_t at = place_of(slot.key);
        while (slots_[at].key != kEmpty) {
            at = (at + 1) & (slots_.size() - 1);
        }
        slots_[at] = slot;
    }
    void grow() {
        std::vector<Slot> before(2 * slots_.size());
        before.swap(slots_);
        for (const Slot& slot : before) {
            if (slot.key != kEmpty) {
                insert(slot);
            }
        }
    }

    std::vector<Slot> slots_;
    std::size_t used_ = 0;
};

}  // namespace myriad
