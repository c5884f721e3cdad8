#pragma once
// Granules to banks: the pages of a pseudo channel are shuffled (a bijection of 32 bits), and the bank group is mixed
// with the page, so that streams which lie a power of two apart do not meet in one bank.

#include "models/hbm/address_map.h"

#include <cstdint>

namespace myriad {

// `place`: number of a granule inside its pseudo channel. The number of the granule at which it is kept.
[[nodiscard]] inline std::uint64_t shuffled(const LocalMap& map, std::uint64_t place) {
    const int page_shift = map.way_bits + map.page_bits - map.granule_bits;
    auto page = static_cast<std::uint32_t>(place >> page_shift);
    page = (page ^ page >> 16) * 0x45d9f3bU;
    page = (page ^ page >> 15) * 0x2c1b3c6dU;
    page ^= page >> 16;
    const std::uint64_t inside = place & ((std::uint64_t{1} << page_shift) - 1);
    const std::uint64_t way = page >> 8 & ((1U << map.way_bits) - 1);
    return std::uint64_t{page} << page_shift | (inside ^ way);
}

}  // namespace myriad
