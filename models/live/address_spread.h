#pragma once
// Which cache slice and which pseudo channel an address belongs to. A stripe is as many granules as give every slice and
// every pseudo channel a whole number of them (their least common multiple); a stripe is turned by a hash of its number,
// so that whole stripes spread evenly and what is left of one does not meet the next one's rest. A slice reaches only the
// pseudo channels that its granules belong to: together they are a memory partition.

#include "models/hbm/address_map.h"
#include "models/hbm/page_shuffle.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace myriad {

class AddressSpread {
public:
    AddressSpread(std::int64_t slices, std::int64_t pseudo_channels, const LocalMap& map);

    [[nodiscard]] std::int64_t slices() const noexcept { return slices_; }
    [[nodiscard]] std::int64_t pseudo_channels() const noexcept { return channels_; }
    [[nodiscard]] std::int64_t granule() const noexcept { return granule_; }
    [[nodiscard]] bool reaches(std::int64_t slice, std::int64_t pseudo_channel) const {
        return (slice - pseudo_channel) % common_ == 0;
    }

    // Replaces shares[s] by the bytes of [address, address + bytes) that lie in slice s.
    void share_out(std::uint64_t address, std::int64_t bytes, std::vector<std::int64_t>& shares) const;

    // Calls f(pseudo channel, address inside it, bytes) for every granule of [address, address + bytes) in `slice`.
    template <class F>
    void for_each_granule(std::int64_t slice, std::uint64_t address, std::int64_t bytes, F f) const {
        const auto begin = static_cast<std::int64_t>(address);
        const std::int64_t end = begin + bytes;
        const std::int64_t first = begin / granule_;
        const std::int64_t last = (end - 1) / granule_;
        for (std::int64_t stripe = first / stripe_; stripe <= last / stripe_; ++stripe) {
            const std::int64_t turn = turn_of(stripe);
            for (std::int64_t turned = slice; turned < stripe_; turned += slices_) {
                const std::int64_t number =
                    stripe * stripe_ + (turned >= turn ? turned - turn : turned - turn + stripe_);
                if (number < first || number > last) {
                    continue;
                }
                const std::int64_t from = std::max(begin, number * granule_);
                const std::int64_t to = std::min(end, (number + 1) * granule_);
                const std::int64_t place = stripe * (stripe_ / channels_) + turned / channels_;
                const std::uint64_t kept = shuffled(map_, static_cast<std::uint64_t>(place));
                f(turned % channels_,
                  kept * static_cast<std::uint64_t>(granule_) + static_cast<std::uint64_t>(from % granule_), to - from);
            }
        }
    }

private:
    [[nodiscard]] std::int64_t turn_of(std::int64_t stripe) const;

    std::int64_t slices_;
    std::int64_t channels_;
    LocalMap map_;
    std::int64_t granule_;  // bytes
    std::int64_t common_;   // greatest common divisor of slices and pseudo channels
    std::int64_t stripe_;   // granules
};

}  // namespace myriad
