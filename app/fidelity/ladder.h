#pragma once
// One scenario at several levels of the card, side by side: `myriad fidelity`. A level is a name and a runner; every
// runner answers with a result in the form of result.json, in a child process of its own (SystemC elaborates once).

#include "app/result/result_json.h"
#include "sim/units/units.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

struct LadderLevel {
    std::string name;                  // "tile"
    std::function<std::string()> run;  // in a child: result.json of the scenario at this level
};

// What one operator takes at one level; what is not an operator (waiting, the whole step) has no limit.
struct LadderCell {
    Picoseconds time{};
    std::string limit;
    std::vector<std::string> why;
};

struct LadderRow {
    std::string name;
    std::vector<LadderCell> cells;  // by level
    // Of the last level over the first; 0 where the first takes no time.
    [[nodiscard]] double ratio() const;
};

struct Ladder {
    std::string title;
    std::string cluster;
    std::vector<std::string> levels;   // "tile, with interference", in their order
    std::vector<LadderRow> totals;     // compute, exposed communication, bubble, optimizer, step
    std::vector<LadderRow> operators;  // of compute, largest at the last level first
};

// Runs all levels, at most as many at once as there are cores. What goes wrong at one is thrown as if it had gone wrong
// here. `levels` is not empty. Their results, in order.
[[nodiscard]] std::vector<std::string> run_levels(const std::vector<LadderLevel>& levels);
[[nodiscard]] Ladder run_ladder(const std::vector<LadderLevel>& levels);
// From results; apart, for tests.
[[nodiscard]] Ladder ladder_of(const std::vector<std::string>& names, const std::vector<std::string>& results);

[[nodiscard]] std::string ladder_text(const Ladder& ladder);
[[nodiscard]] std::string ladder_json(const Ladder& ladder);

}  // namespace myriad
