// Rotation within stripes. Two neighbouring granules lie in neighbouring slices, as an interleave has it; the hash decides
// where a stripe begins.

#include "models/live/address_spread.h"

#include "sim/error/error.h"

#include <numeric>

namespace myriad {

AddressSpread::AddressSpread(std::int64_t slices, std::int64_t pseudo_channels, const LocalMap& map)
    : slices_(slices),
      channels_(pseudo_channels),
      map_(map),
      granule_(std::int64_t{1} << map.granule_bits),
      common_(std::gcd(slices, pseudo_channels)),
      stripe_(std::lcm(slices, pseudo_channels)) {
    MYRIAD_CHECK(slices > 0 && pseudo_channels > 0, "a card has cache slices and HBM channels");
}

std::int64_t AddressSpread::turn_of(std::int64_t stripe) const {
    // Fibonacci hashing; the high half of the product times the length is evenly spread below the length.
    const std::uint64_t mixed = static_cast<std::uint64_t>(stripe) * 0x9e3779b97f4a7c15ULL;
    return static_cast<std::int64_t>(((mixed >> 32) * static_cast<std::uint64_t>(stripe_)) >> 32);
}

void AddressSpread::share_out(std::uint64_t address, std::int64_t bytes, std::vector<std::int64_t>& shares) const {
    shares.assign(static_cast<std::size_t>(slices_), 0);
    const auto begin = static_cast<std::int64_t>(address);
    const std::int64_t end = begin + bytes;
    for (std::int64_t at = begin; at < end;) {
        const std::int64_t number = at / granule_;
        const std::int64_t stripe = number / stripe_;
        const std::int64_t last = std::min(end, (stripe + 1) * stripe_ * granule_);
        std::int64_t slice = (number - stripe * stripe_ + turn_of(stripe)) % stripe_ % slices_;
        while (at < last) {
            const std::int64_t next = std::min(last, (at / granule_ + 1) * granule_);
            shares[static_cast<std::size_t>(slice)] += next - at;
            slice = slice + 1 == slices_ ? 0 : slice + 1;
            at = next;
        }
    }
}

}  // namespace myriad
