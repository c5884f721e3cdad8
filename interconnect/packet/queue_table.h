#pragma once
// Finds a queue by its key where a link has many: open addressing, at most half full, linear probing, and removal that
// closes the gap, so a table that has been large and is empty again costs nothing but its memory.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace myriad {

struct PacketQueue;

class QueueTable {
public:
    [[nodiscard]] PacketQueue* find(std::uint64_t key) const;
    // The key is not in the table yet.
    void add(std::uint64_t key, PacketQueue& queue);
    // The key is in the table.
    void remove(std::uint64_t key);
    [[nodiscard]] std::size_t size() const noexcept { return used_; }

private:
    struct Slot {
        std::uint64_t key = 0;
        PacketQueue* queue = nullptr;  // null: free
    };
    [[nodiscard]] std::size_t home(std::uint64_t key) const {
        return static_cast<std::size_t>(key * 0x9E37'79B9'7F4A'7C15u >> 32) & (slots_.size() - 1);
    }
    void grow();

    std::vector<Slot> slots_;  // a power of two, or none
    std::size_t used_ = 0;
};

}  // namespace myriad
