#pragma once
// A monotone radix heap of agenda records: the time taken out never falls, so a record is filed by the highest bit in
// which its time differs from the last time taken out, and moves to lower buckets at most once a bit. Plain records in
// plain vectors: about ten nanoseconds a record, no allocation once warm, and stable (records of equal time come out in
// the order they went in), which is what makes "per-source order" free.

#include "sim/units/units.h"

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

namespace myriad {

struct AgendaRecord {
    TimePoint time;
    std::uint64_t key = 0;      // phase (8 bits), destination (28), source (28): the order at one instant
    std::uint64_t payload = 0;  // a pointer or a small number, as the destination likes

    [[nodiscard]] std::uint32_t destination() const noexcept { return static_cast<std::uint32_t>(key >> 28) & kIdMask; }
    [[nodiscard]] std::uint32_t source() const noexcept { return static_cast<std::uint32_t>(key) & kIdMask; }
    [[nodiscard]] std::uint32_t phase() const noexcept { return static_cast<std::uint32_t>(key >> 56); }

    static constexpr std::uint32_t kIdMask = (1u << 28) - 1;
};

class RadixHeap {
public:
    [[nodiscard]] bool empty() const noexcept { return occupied_ == 0 && buckets_[0].empty(); }

    // record.time is not before the last minimum taken out.
    void push(const AgendaRecord& record) {
        const bool was_empty = empty();
        const auto time = key_of(record);
        const auto bucket = static_cast<std::size_t>(std::bit_width(time ^ last_));
        buckets_[bucket].push_back(record);
        if (bucket > 0) {
            occupied_ |= std::uint64_t{1} << (bucket - 1);
        }
        if (was_empty || (known_ && time < minimum_)) {
            minimum_ = time;
            known_ = true;
        }
    }

    // Earliest time; not empty. Looking does not move the heap, so earlier records may still come.
    [[nodiscard]] TimePoint minimum() {
        if (!known_) {
            find_minimum();
        }
        return TimePoint{Picoseconds{static_cast<std::int64_t>(minimum_)}};
    }

    // Hands every record of the earliest time to `take`, in the order in which they were pushed; not empty. Records of
    // the near future are shown to `near(record, count)` as they move down, `count` being how many move with them: the
    // fewer, the nearer. A place to prefetch.
    template <class Take, class Near>
    void pop_minimum(Take&& take, Near&& near) {
        static_cast<void>(minimum());
        if (buckets_[0].empty()) {
            redistribute(near);
        }
        for (const AgendaRecord& record : buckets_[0]) {
            take(record);
        }
        buckets_[0].clear();
        known_ = false;
    }

private:
    static std::uint64_t key_of(const AgendaRecord& record) {
        return static_cast<std::uint64_t>(record.time.time_since_epoch().count());
    }

    [[nodiscard]] std::size_t lowest_bucket() const {
        return static_cast<std::size_t>(std::countr_zero(occupied_)) + 1;
    }

    void find_minimum() {
        known_ = true;
        if (!buckets_[0].empty()) {
            minimum_ = last_;
            return;
        }
        minimum_ = ~std::uint64_t{0};
        for (const AgendaRecord& record : buckets_[lowest_bucket()]) {
            const auto time = key_of(record);
            minimum_ = time < minimum_ ? time : minimum_;
        }
    }

    // Moves the bucket that holds the minimum down, so that bucket 0 holds exactly the minimum's records.
    template <class Near>
    void redistribute(Near&& near) {
        const std::size_t from = lowest_bucket();
        const std::size_t count = buckets_[from].size();
        occupied_ &= ~(std::uint64_t{1} << (from - 1));
        last_ = minimum_;
        for (const AgendaRecord& record : buckets_[from]) {
            const auto bucket = static_cast<std::size_t>(std::bit_width(key_of(record) ^ last_));
            buckets_[bucket].push_back(record);
            if (bucket > 0) {
                occupied_ |= std::uint64_t{1} << (bucket - 1);
            }
            near(record, count);
        }
        buckets_[from].clear();
    }

    std::array<std::vector<AgendaRecord>, 65> buckets_;
    std::uint64_t occupied_ = 0;  // bit b - 1: bucket b holds something; bucket 0 is looked at itself
    std::uint64_t last_ = 0;
    std::uint64_t minimum_ = 0;
    bool known_ = false;
};

}  // namespace myriad
