#pragma once
// What a cache holds, by block: least recently used goes first. Blocks are named by their address and accessed as a
// whole, so a set-associative cache with a good hash behaves like this one up to conflict misses.

#include "sim/units/units.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace myriad {

class CacheDirectory {
public:
    explicit CacheDirectory(Bytes capacity);

    // When the block's data is there (its load may be under way), and makes it the most recently used. Null: a miss.
    [[nodiscard]] const TimePoint* find(std::uint64_t address);
    // Takes the block in; others leave until it fits. A block that is larger than the cache is not kept.
    void insert(std::uint64_t address, Bytes bytes, TimePoint ready);

    [[nodiscard]] Bytes used() const noexcept { return used_; }
    [[nodiscard]] std::size_t blocks() const noexcept { return blocks_; }

private:
    static constexpr std::uint32_t kNone = 0xffffffff;
    struct Entry {
        std::uint64_t address = 0;
        TimePoint ready;
        Bytes bytes;
        std::uint32_t newer = kNone;
        std::uint32_t older = kNone;
        std::uint32_t next = kNone;  // in its bucket, or in the list of free entries
    };

    [[nodiscard]] std::size_t bucket_of(std::uint64_t address) const;
    void unlink(std::uint32_t entry);
    void make_newest(std::uint32_t entry);
    void drop_oldest();
    void grow();

    Bytes capacity_;
    Bytes used_;
    std::size_t blocks_ = 0;
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> buckets_;
    std::uint32_t newest_ = kNone;
    std::uint32_t oldest_ = kNone;
    std::uint32_t free_ = kNone;
};

}  // namespace myriad
