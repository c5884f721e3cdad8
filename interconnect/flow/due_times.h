#pragma once
// The earliest of many times that change often: a tree of minima, 64 wide. A write costs one store; the minima above are
// brought up to date together when they are asked for, so a thousand writes to neighbours cost little more than one.

#include "sim/units/units.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace myriad {

class DueTimes {
public:
    static constexpr TimePoint kNever{Picoseconds{std::numeric_limits<std::int64_t>::max()}};

    void resize(std::size_t count) {
        times_.resize((count + kWide - 1) / kWide * kWide, kNever);
        blocks_.resize((times_.size() / kWide + kWide - 1) / kWide * kWide, kNever);
        stale_.resize(blocks_.size(), 0);
    }
    [[nodiscard]] std::size_t size() const { return times_.size(); }
    [[nodiscard]] TimePoint operator[](std::size_t number) const { return times_[number]; }

    void set(std::size_t number, TimePoint time) {
        times_[number] = time;
        const std::size_t block = number / kWide;
        if (stale_[block] == 0) {
            stale_[block] = 1;
            stale_blocks_.push_back(block);
        }
    }

    // kNever where nothing is due.
    [[nodiscard]] TimePoint earliest() {
        refresh();
        return blocks_.empty() ? kNever : *std::min_element(blocks_.begin(), blocks_.end());
    }

    // Replaces `due` by the numbers that are due at `time` or before, in order.
    void collect(TimePoint time, std::vector<std::uint32_t>& due) {
        refresh();
        due.clear();
        for (std::size_t block = 0; block < blocks_.size(); ++block) {
            if (blocks_[block] > time) {
                continue;
            }
            for (std::size_t n = block * kWide; n < (block + 1) * kWide; ++n) {
                if (times_[n] <= time) {
                    due.push_back(static_cast<std::uint32_t>(n));
                }
            }
        }
    }

private:
    static constexpr std::size_t kWide = 64;

    void refresh() {
        for (const std::size_t block : stale_blocks_) {
            const auto first = times_.begin() + static_cast<std::ptrdiff_t>(block * kWide);
            blocks_[block] = *std::min_element(first, first + kWide);
            stale_[block] = 0;
        }
        stale_blocks_.clear();
    }

    std::vector<TimePoint> times_;
    std::vector<TimePoint> blocks_;  // minimum of each 64 times; padded with kNever
    std::vector<std::uint8_t> stale_;
    std::vector<std::size_t> stale_blocks_;
};

}  // namespace myriad
