// Differences of counters that only grow. Two neighbours become one by adding sums and by the mean of shares.

#include "sim/statistics/busy_series.h"

#include "sim/error/error.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace myriad {
namespace {
constexpr double kWhole = 65'535.0;
}

BusySeries::BusySeries(std::vector<std::uint16_t> class_of, std::size_t classes, const BusySeriesOptions& options)
    : class_of_(std::move(class_of)),
      classes_(classes),
      buckets_most_(options.buckets_most),
      width_(options.width),
      next_(TimePoint{options.width}),
      last_length_(options.width),
      before_(class_of_.size()) {
    MYRIAD_CHECK(width_.count() > 0 && buckets_most_ >= 2 && buckets_most_ % 2 == 0,
                 "a series has an even number of buckets that last");
}

void BusySeries::close(std::span<const Picoseconds> busy) {
    add(busy, width_);
    if (buckets() == buckets_most_ || (widen_wanted_ && buckets() % 2 == 0)) {
        merge();
    }
    next_ += width_;
}

void BusySeries::widen() {
    if (buckets() % 2 != 0) {
        widen_wanted_ = true;
        return;
    }
    next_ -= width_;
    merge();
    next_ += width_;
}

void BusySeries::finish(TimePoint end, std::span<const Picoseconds> busy) {
    const Picoseconds length = end - (next_ - width_);
    MYRIAD_CHECK(length.count() >= 0 && length <= width_, "a series ends in its open bucket");
    if (length.count() > 0) {
        last_length_ = length;
        add(busy, length);
        return;
    }
    // Counters that were rounded up: what is left of them belongs to the end.
    for (std::size_t i = 0; i < busy.size() && buckets() > 0; ++i) {
        if (class_of_[i] != kNoClass) {
            sums_.back()[class_of_[i]] += busy[i] - before_[i];
        }
    }
}

Picoseconds BusySeries::length(std::size_t bucket) const { return bucket + 1 == buckets() ? last_length_ : width_; }

double BusySeries::share(std::size_t bucket, std::size_t thing) const {
    return static_cast<double>(each_[bucket][thing]) / kWhole;
}

double BusySeries::most(std::size_t bucket, std::size_t of_class) const {
    std::uint16_t most = 0;
    for (std::size_t i = 0; i < class_of_.size(); ++i) {
        if (class_of_[i] == of_class) {
            most = std::max(most, each_[bucket][i]);
        }
    }
    return static_cast<double>(most) / kWhole;
}

void BusySeries::add(std::span<const Picoseconds> busy, Picoseconds length) {
    MYRIAD_CHECK(busy.size() == before_.size(), "a counter for each thing");
    std::vector<Picoseconds>& sums = sums_.emplace_back(classes_);
    std::vector<std::uint16_t>& each = each_.emplace_back(busy.size());
    const double scale = kWhole / static_cast<double>(length.count());
    for (std::size_t i = 0; i < busy.size(); ++i) {
        const Picoseconds grown = busy[i] - before_[i];
        if (class_of_[i] == kNoClass || grown.count() == 0) {
            continue;
        }
        sums[class_of_[i]] += grown;
        const double share = static_cast<double>(grown.count()) * scale;
        each[i] = static_cast<std::uint16_t>(std::clamp(share + 0.5, 0.0, kWhole));
        before_[i] = busy[i];
    }
}

void BusySeries::merge() {
    const std::size_t half = buckets() / 2;
    for (std::size_t b = 0; b < half; ++b) {
        std::vector<Picoseconds>& sums = sums_[2 * b];
        std::vector<std::uint16_t>& each = each_[2 * b];
        for (std::size_t c = 0; c < classes_; ++c) {
            sums[c] += sums_[2 * b + 1][c];
        }
        for (std::size_t i = 0; i < each.size(); ++i) {
            each[i] = static_cast<std::uint16_t>((each[i] + each_[2 * b + 1][i] + 1) / 2);
        }
        // Not onto itself: moving a vector to itself empties it.
        if (b > 0) {
            sums_[b] = std::move(sums);
            each_[b] = std::move(each);
        }
    }
    sums_.resize(half);
    each_.resize(half);
    width_ *= 2;
    last_length_ = width_;
    widen_wanted_ = false;
}

}  // namespace myriad
