// Log-linear buckets: a sample of more than 5 bits falls into the bucket of its leading 6 bits, so a bucket is at most
// 1/32 as wide as its samples are large. Bucket numbers are continuous: 0..63 exact values, then 32 for each power of
// two.

#include "sim/statistics/statistics.h"

#include "sim/error/error.h"

#include <bit>
#include <cmath>

namespace myriad {

void Summary::merge(const Summary& other) noexcept {
    count_ += other.count_;
    sum_ += other.sum_;
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
}

double Summary::mean() const noexcept {
    return count_ == 0 ? 0.0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

void TimeWeighted::advance(TimePoint now) {
    MYRIAD_CHECK(now >= last_, "time-weighted statistic set in the past");
    area_ += static_cast<Int128>(level_) * (now - last_).count();
    last_ = now;
}

double TimeWeighted::average(TimePoint end) const {
    MYRIAD_CHECK(end >= last_, "average of a time-weighted statistic before its last change");
    if (end == start_) {
        return static_cast<double>(level_);
    }
    const Int128 area = area_ + static_cast<Int128>(level_) * (end - last_).count();
    return static_cast<double>(area) / static_cast<double>((end - start_).count());
}

std::size_t Histogram::bucket_of(std::int64_t sample) noexcept {
    const auto value = static_cast<std::uint64_t>(sample);
    const int shift = std::max(0, static_cast<int>(std::bit_width(value)) - (kSubBits + 1));
    return (static_cast<std::size_t>(shift) << kSubBits) + static_cast<std::size_t>(value >> shift);
}

std::int64_t Histogram::middle_of(std::size_t bucket) noexcept {
    if (bucket < (std::size_t{2} << kSubBits)) {
        return static_cast<std::int64_t>(bucket);  // buckets one wide
    }
    const auto shift = static_cast<int>(bucket >> kSubBits) - 1;
    const std::uint64_t leading = (bucket & ((std::size_t{1} << kSubBits) - 1)) + (std::size_t{1} << kSubBits);
    return static_cast<std::int64_t>((leading << shift) + (std::uint64_t{1} << (shift - 1)));
}

void Histogram::add(std::int64_t sample, std::int64_t times) {
    MYRIAD_CHECK(sample >= 0 && times > 0, "histogram sample below 0, or no times");
    summary_.add(sample, times);
    counts_[bucket_of(sample)] += times;
}

void Histogram::merge(const Histogram& other) noexcept {
    summary_.merge(other.summary_);
    for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
        counts_[bucket] += other.counts_[bucket];
    }
}

std::int64_t Histogram::percentile(double percent) const {
    MYRIAD_CHECK(percent >= 0.0 && percent <= 100.0, "percentile outside 0 to 100");
    // Nearest rank. The small number undoes the rounding of products such as 99.9 % of 1000.
    const double rank = std::ceil(percent / 100.0 * static_cast<double>(summary_.count()) - 1e-6);
    const auto wanted = std::max<std::int64_t>(1, static_cast<std::int64_t>(rank));
    if (wanted == 1 || summary_.count() == 0) {
        return summary_.min();
    }
    if (wanted == summary_.count()) {
        return summary_.max();
    }
    std::int64_t seen = 0;
    std::size_t bucket = 0;
    while (seen + counts_[bucket] < wanted) {
        seen += counts_[bucket];
        ++bucket;
    }
    return std::clamp(middle_of(bucket), summary_.min(), summary_.max());
}

}  // namespace myriad
