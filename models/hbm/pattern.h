#pragma once
// Streams of 64-byte requests by which memory models are compared. Request i is a function of i and, for random
// patterns, of a fixed xorshift sequence.

#include "sim/units/units.h"

#include <cstdint>

namespace myriad {

enum class MemoryPattern : std::uint8_t {
    sequential,       // address 64 i
    stream,           // r arrays read and w written in step; they start in different banks
    stream_conflict,  // the same, starting in one bank
    stream_blocks,    // as stream, 4 KiB of one array after 4 KiB of another
    random,           // a random 64 bytes
    random_block,     // a random aligned block, in order
    strided,          // address i x stride
};

struct PatternConfig {
    MemoryPattern pattern = MemoryPattern::sequential;
    std::int32_t reads = 1;  // of every reads + writes requests
    std::int32_t writes = 0;
    Bytes step{4096};  // stride of strided, block of random_block
};

inline constexpr Bytes kRequest{64};

class PatternSource {
public:
    struct Request {
        std::uint64_t address = 0;
        bool write = false;
    };
    PatternSource(const PatternConfig& config, Bytes capacity);
    [[nodiscard]] Request next();

private:
    [[nodiscard]] std::uint64_t random();

    PatternConfig config_;
    std::uint64_t capacity_;
    std::uint64_t together_;  // reads + writes
    std::uint64_t count_ = 0;
    std::uint64_t state_ = 88172645463325252ULL;
    std::uint64_t block_ = 0;
    std::uint64_t in_block_ = 0;
};

}  // namespace myriad
