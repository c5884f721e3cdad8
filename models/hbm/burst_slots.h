#pragma once
// The data bus of a pseudo channel as a ring of buckets of burst slots. A train takes the first free slots from the
// time on at which its data can be there, so a train that waits for its bank does not hold up one that does not: what
// an out-of-order controller does. A bucket keeps how many of its slots each bank group uses, because bursts of one
// group follow each other less closely (tCCD_L).

#include "models/hbm/hbm_timing.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace myriad {

class BurstSlots {
public:
    struct Taken {
        std::int64_t first = 0;  // start of the first burst
        std::int64_t last = 0;   // start of the last one
    };

    explicit BurstSlots(const HbmTiming& t)
        : step_(t.column_short), width_(kSlots * step_), of_group_(std::max(1, width_ / t.column_long)) {}

    // `bursts` slots of a bank group from cycle `ready` on.
    Taken take(std::int32_t bursts, std::int32_t group, std::int64_t ready) {
        Taken taken{-1, ready};
        std::int64_t number = ready / width_;
        for (std::int64_t at = ready; bursts > 0; at = ++number * width_) {
            Bucket& bucket = bucket_of(number);
            const std::int64_t start = std::max(at, number * width_ + std::int64_t{bucket.used} * step_);
            const auto room = static_cast<std::int32_t>(((number + 1) * width_ - start + step_ - 1) / step_);
            const std::int32_t free = std::min(kSlots - bucket.used, room);
            const std::int32_t now =
                std::min({bursts, free, of_group_ - bucket.of_group[static_cast<std::size_t>(group)]});
            if (now > 0) {
                bucket.used += now;
                bucket.of_group[static_cast<std::size_t>(group)] += now;
                bursts -= now;
                taken.first = taken.first < 0 ? start : taken.first;
                taken.last = start + std::int64_t{now - 1} * step_;
            }
        }
        return taken;
    }

private:
    static constexpr std::int32_t kSlots = 16;
    static constexpr std::int64_t kBuckets = 128;
    struct Bucket {
        std::int64_t number = -1;
        std::int32_t used = 0;
        std::array<std::int32_t, 16> of_group{};
    };

    Bucket& bucket_of(std::int64_t number) {
        Bucket& bucket = buckets_[static_cast<std::size_t>(number % kBuckets)];
        if (bucket.number != number) {
            bucket = Bucket{.number = number};
        }
        return bucket;
    }

    std::int32_t step_;
    std::int32_t width_;
    std::int32_t of_group_;
    std::array<Bucket, kBuckets> buckets_{};
};

}  // namespace myriad
