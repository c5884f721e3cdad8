#pragma once
// The data bus of a pseudo channel as a ring of buckets of burst slots. A train takes the first free slots from the
// time on at which its data can be there, so a train that waits for its bank does not hold up one that does not: what
// an out-of-order controller does. A bucket keeps how many of its slots each bank group uses, because bursts of one
// group follow each other less closely (tCCD_L).

#include "models/hbm/hbm_timing.h"

#include <algorithm>
#include <array>
#include <bit>
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
        : step_(t.column_short),
          of_group_(std::max(1, kSlots * step_ / t.column_long)),
          apart_((t.column_long + step_ - 1) / step_) {}

    // `bursts` slots of a bank group from cycle `ready` on, `ways` slots apart at least: the banks of a train take turns.
    Taken take(std::int32_t bursts, std::int32_t group, std::int32_t ways, std::int64_t ready) {
        const std::int32_t apart = std::max(ways, apart_);
        Taken taken{-1, ready};
        const std::int64_t slot_at = slot_from(ready);
        std::int64_t number = slot_at / kSlots;
        auto skipped = static_cast<std::int32_t>(slot_at % kSlots);
        for (; bursts > 0; ++number, skipped = std::max(0, skipped - kSlots)) {
            Bucket& bucket = bucket_of(number);
            std::uint8_t& of_group = bucket.of_group[static_cast<std::size_t>(group)];
            const std::uint32_t free = ~bucket.used & kAll;
            while (bursts > 0 && of_group < of_group_ && skipped < kSlots && (free >> skipped) != 0) {
                const std::int32_t slot = skipped + std::countr_zero(free >> skipped);
                bucket.used |= 1U << slot;
                ++of_group;
                --bursts;
                taken.last = (number * kSlots + slot) * step_;
                taken.first = taken.first < 0 ? taken.last : taken.first;
                skipped = slot + apart;
            }
        }
        return taken;
    }

private:
    static constexpr std::int32_t kSlots = 16;
    static constexpr std::uint32_t kAll = (1U << kSlots) - 1;
    static constexpr std::size_t kBuckets = 128;
    struct Bucket {
        std::int64_t number = -1;
        std::uint32_t used = 0;                   // one bit a slot
        std::array<std::uint8_t, 16> of_group{};  // slots taken by each bank group
    };

    // The first slot that begins at `cycle` or later. Nearly always tCCD_S is 2, and a shift is many times faster.
    [[nodiscard]] std::int64_t slot_from(std::int64_t cycle) const {
        return step_ == 2 ? (cycle + 1) >> 1 : (cycle + step_ - 1) / step_;
    }
    Bucket& bucket_of(std::int64_t number) {
        Bucket& bucket = buckets_[static_cast<std::size_t>(number) % kBuckets];
        if (bucket.number != number) {
            bucket = Bucket{.number = number};
        }
        return bucket;
    }

    std::int32_t step_;
    std::int32_t of_group_;
    std::int32_t apart_;  // slots between bursts of one group
    std::array<Bucket, kBuckets> buckets_{};
};

// Turns of a command bus, each `width` cycles long: the first free one that begins at `ready` or holds it.
class CommandTurns {
public:
    explicit CommandTurns(std::int32_t width) : width_(width) {}

    std::int64_t take(std::int64_t ready) {
        std::int64_t turn = ready / width_;
        for (;; turn = (turn / kTurns + 1) * kTurns) {
            Bucket& bucket = buckets_[static_cast<std::size_t>(turn / kTurns % kBuckets)];
            if (bucket.number != turn / kTurns) {
                bucket = Bucket{turn / kTurns, 0};
            }
            const std::int64_t first = turn % kTurns;
            if (const std::uint64_t free = ~bucket.used >> first; free != 0) {
                const std::int64_t taken = first + std::countr_zero(free);
                bucket.used |= std::uint64_t{1} << taken;
                return std::max(ready, (bucket.number * kTurns + taken) * width_);
            }
        }
    }

private:
    static constexpr std::int64_t kTurns = 64;
    static constexpr std::int64_t kBuckets = 16;
    struct Bucket {
        std::int64_t number = -1;
        std::uint64_t used = 0;
    };
    std::int32_t width_;
    std::array<Bucket, kBuckets> buckets_{};
};

}  // namespace myriad
