#pragma once
// The earliest of many times that change often: a tree of minima, 64 wide. A write costs one store; the minima above are
// brought up to date together when they are asked for, so a thousand writes to neighbours cost little more than one.

#include "sim/units/units.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace myriad {

class DueTimes {
public:
    static constexpr TimePoint kNever{Picoseconds{std::numeric_limits<std::int64_t>::max()}};

    DueTimes() { resize(1); }

    // Grows only; what is new is due never.
    void resize(std::size_t count) {
        for (Level& level : levels_) {
            count = (count + kWide - 1) / kWide;
            level.times.resize(std::max(level.times.size(), count * kWide), kNever);
            level.stale.resize(level.times.size() / kWide, 0);
        }
        // Minima of what was there before may now stand in a level that was not in use.
        for (std::size_t block = 0; block < levels_[0].stale.size(); ++block) {
            mark(levels_[0], block);
        }
    }
    [[nodiscard]] std::size_t size() const { return levels_[0].times.size(); }

    void set(std::size_t number, TimePoint time) {
        levels_[0].times[number] = time;
        mark(levels_[0], number / kWide);
    }

    // kNever where nothing is due.
    [[nodiscard]] TimePoint earliest() {
        refresh();
        return *std::min_element(levels_.back().times.begin(), levels_.back().times.end());
    }

    // Replaces `due` by the numbers that are due at `time` or before, in order.
    void collect(TimePoint time, std::vector<std::uint32_t>& due) {
        refresh();
        due.clear();
        for (std::size_t block = 0; block < levels_.back().stale.size(); ++block) {
            descend(levels_.size() - 1, block, time, due);
        }
    }

private:
    static constexpr std::size_t kWide = 64;
    static constexpr std::size_t kLevels = 4;  // 16.8 million times in one block at the top

    struct Level {
        std::vector<TimePoint> times;  // of level 0 the times themselves, above the minimum of each block below
        std::vector<std::uint8_t> stale;
        std::vector<std::size_t> stale_blocks;
    };

    static void mark(Level& level, std::size_t block) {
        if (level.stale[block] == 0) {
            level.stale[block] = 1;
            level.stale_blocks.push_back(block);
        }
    }

    void refresh() {
        for (std::size_t l = 0; l < kLevels; ++l) {
            Level& level = levels_[l];
            for (const std::size_t block : level.stale_blocks) {
                level.stale[block] = 0;
                if (l + 1 < kLevels) {
                    const auto first = level.times.begin() + static_cast<std::ptrdiff_t>(block * kWide);
                    levels_[l + 1].times[block] = *std::min_element(first, first + kWide);
                    mark(levels_[l + 1], block / kWide);
                }
            }
            level.stale_blocks.clear();
        }
    }

    void descend(std::size_t level, std::size_t block, TimePoint time, std::vector<std::uint32_t>& due) const {
        for (std::size_t n = block * kWide; n < (block + 1) * kWide; ++n) {
            if (levels_[level].times[n] > time) {
                continue;
            }
            if (level == 0) {
                due.push_back(static_cast<std::uint32_t>(n));
            } else {
                descend(level - 1, n, time, due);
            }
        }
    }

    std::array<Level, kLevels> levels_;
};

}  // namespace myriad
