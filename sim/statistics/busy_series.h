#pragma once
// How busy many things of a few classes were over time, in buckets of one width that doubles as time goes on: however long
// it lasts, the last 100 to 200 buckets (of `buckets_most` = 200) are there.
//
// It is told at the end of each bucket how long each thing has been busy since the beginning. So the sums over the buckets of
// a class are exactly what its things had in the end. Of each thing its share of a bucket is kept too, in 1 / 65,535: what was
// busiest in a bucket stays right when two buckets become one.

#include "sim/units/units.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace myriad {

struct BusySeriesOptions {
    Picoseconds width{100'000};      // of the first buckets
    std::size_t buckets_most = 200;  // even
};

class BusySeries {
public:
    static constexpr std::uint16_t kNoClass = 0xFFFF;  // left out

    // class_of[i]: of thing i.
    BusySeries(std::vector<std::uint16_t> class_of, std::size_t classes, const BusySeriesOptions& options = {});

    // End of the bucket that is open.
    [[nodiscard]] TimePoint next() const { return next_; }
    // Closes it. busy[i]: until next().
    void close(std::span<const Picoseconds> busy);
    // Doubles the width from now on, and of what there is; now or, where the number of buckets is odd, after the next.
    void widen();
    // After the last: closes a shorter bucket that ends here, if there is anything to it. end > next() - width.
    void finish(TimePoint end, std::span<const Picoseconds> busy);

    [[nodiscard]] Picoseconds width() const { return width_; }
    [[nodiscard]] std::size_t buckets() const { return sums_.size(); }
    // Of a bucket: `width` but for the last, which may be shorter.
    [[nodiscard]] Picoseconds length(std::size_t bucket) const;
    // Of all things of a class together.
    [[nodiscard]] Picoseconds sum(std::size_t bucket, std::size_t of_class) const { return sums_[bucket][of_class]; }
    // Share of the bucket in which a thing was busy, to 1 / 32,000.
    [[nodiscard]] double share(std::size_t bucket, std::size_t thing) const;
    // Greatest share of a thing of the class.
    [[nodiscard]] double most(std::size_t bucket, std::size_t of_class) const;

private:
    void add(std::span<const Picoseconds> busy, Picoseconds length);
    void merge();

    std::vector<std::uint16_t> class_of_;
    std::size_t classes_;
    std::size_t buckets_most_;
    Picoseconds width_;
    TimePoint next_;
    Picoseconds last_length_;
    bool widen_wanted_ = false;
    std::vector<Picoseconds> before_;               // by thing
    std::vector<std::vector<Picoseconds>> sums_;    // by bucket and class
    std::vector<std::vector<std::uint16_t>> each_;  // by bucket and thing
};

}  // namespace myriad
