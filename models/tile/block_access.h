#pragma once
// A block: what one core loads or stores at once (rows of a tile times a depth of k, a chunk of a stream). Blocks of an
// operand lie one behind the other, so a block is a contiguous range; a block is always accessed as a whole, and its
// address names it in the cache.

#include "sim/units/units.h"

#include <cstdint>

namespace myriad {

struct BlockAccess {
    std::uint64_t address = 0;
    Bytes bytes;
    bool write = false;
    std::uint8_t sharers = 1;  // cores that one read of the cache serves (multicast in a cluster)
    bool keep = true;          // may stay in the cache for others; streams that nobody else reads pass by
};

}  // namespace myriad
