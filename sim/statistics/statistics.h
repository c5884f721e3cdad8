#pragma once
// What a model counts while it runs. Plain values: adding a sample allocates nothing and costs a few instructions.
// Integer sums are exact, so that results do not depend on the order of addition; names and units are given when the
// values are reported (report.h).

#include "sim/units/units.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace myriad {

// Count, sum, smallest, largest and mean of integer samples (picoseconds, bytes, packets).
class Summary {
public:
    void add(std::int64_t sample, std::int64_t times = 1) noexcept {
        count_ += times;
        sum_ += static_cast<Int128>(sample) * times;
        min_ = std::min(min_, sample);
        max_ = std::max(max_, sample);
    }
    void merge(const Summary& other) noexcept;

    [[nodiscard]] std::int64_t count() const noexcept { return count_; }
    [[nodiscard]] Int128 sum() const noexcept { return sum_; }
    // 0 when there is no sample.
    [[nodiscard]] std::int64_t min() const noexcept { return count_ == 0 ? 0 : min_; }
    [[nodiscard]] std::int64_t max() const noexcept { return count_ == 0 ? 0 : max_; }
    [[nodiscard]] double mean() const noexcept;

private:
    std::int64_t count_ = 0;
    Int128 sum_ = 0;
    std::int64_t min_ = std::numeric_limits<std::int64_t>::max();
    std::int64_t max_ = std::numeric_limits<std::int64_t>::min();
};

// A level that goes up and down (bytes in a queue): what it is and the highest it ever was.
class HighWater {
public:
    void add(std::int64_t change) noexcept {
        level_ += change;
        max_ = std::max(max_, level_);
    }
    [[nodiscard]] std::int64_t level() const noexcept { return level_; }
    [[nodiscard]] std::int64_t max() const noexcept { return max_; }

private:
    std::int64_t level_ = 0;
    std::int64_t max_ = 0;
};

// A level whose average over time counts (queue depth, busy units); starts at 0 at time 0 unless told otherwise.
class TimeWeighted {
public:
    TimeWeighted() = default;
    explicit TimeWeighted(TimePoint start, std::int64_t level = 0)
        : start_(start), last_(start), level_(level), max_(level) {}

    // The level is `level` from `now` on. `now` never goes back.
    void set(TimePoint now, std::int64_t level) {
        advance(now);
        level_ = level;
        max_ = std::max(max_, level);
    }
    void add(TimePoint now, std::int64_t change) { set(now, level_ + change); }

    [[nodiscard]] std::int64_t level() const noexcept { return level_; }
    [[nodiscard]] std::int64_t max() const noexcept { return max_; }
    // Average from the start to `end`, which is not before the last change; the level itself if no time has passed.
    [[nodiscard]] double average(TimePoint end) const;

private:
    void advance(TimePoint now);

    TimePoint start_{};
    TimePoint last_{};
    std::int64_t level_ = 0;
    std::int64_t max_ = 0;
    Int128 area_ = 0;  // level x picoseconds
};

// Distribution of samples >= 0 over all 63 bits: exact below 64, above that 32 buckets a power of two, so a percentile
// is right to 1/64 (1.6 %). 15 kB; made for a few quantities of a run (message latency), not for every link.
class Histogram {
public:
    void add(std::int64_t sample, std::int64_t times = 1);
    void merge(const Histogram& other) noexcept;

    [[nodiscard]] const Summary& summary() const noexcept { return summary_; }

    // Smallest sample such that at least `percent` of all samples are not above it, as the middle of its bucket; the
    // ends (0 and 100) are exact. 0 when there is no sample.
    [[nodiscard]] std::int64_t percentile(double percent) const;

private:
    static constexpr int kSubBits = 5;
    static constexpr std::size_t kBuckets = (63 - kSubBits + 1) << kSubBits;

    [[nodiscard]] static std::size_t bucket_of(std::int64_t sample) noexcept;
    [[nodiscard]] static std::int64_t middle_of(std::size_t bucket) noexcept;

    Summary summary_;
    std::array<std::int64_t, kBuckets> counts_{};
};

}  // namespace myriad
