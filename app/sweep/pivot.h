#pragma once
// Where a sweep's points stand in its grid, and the grid cut into tables.

#include "app/scenario/sweep.h"
#include "app/sweep/outcome.h"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace myriad {

// Which point a choice is.
class PointIndex {
public:
    explicit PointIndex(const Sweep& sweep);
    // Nothing where the combination is not run.
    [[nodiscard]] std::optional<std::size_t> find(const std::vector<std::size_t>& choice) const;

private:
    std::map<std::vector<std::size_t>, std::size_t> index_;
};

// One rectangle of points: rows and columns are two axes, all other axes stand still; on those of `best_of` a cell has
// the point that is best.
struct SubTable {
    std::vector<std::pair<std::string, std::string>> fixed;  // axis and label of those that `where` leaves open
    std::vector<std::string> row_labels;
    std::vector<std::string> column_labels;
    std::vector<std::vector<std::optional<std::size_t>>> points;  // [row][column]; nothing: not run
};
// In the order of the axes not named, the last one fastest.
[[nodiscard]] std::vector<SubTable> sub_tables(const SweepOutcome& outcome, const SweepTable& table);

// The point of one cell; nothing: none is run.
using CellPoint = std::function<std::optional<std::size_t>(const std::vector<std::size_t>& candidates)>;
[[nodiscard]] std::vector<SubTable> sub_tables(const Sweep& sweep, const SweepTable& table, const CellPoint& cell);
// Of `points`, the one that is best by a metric; where none has it, one that ran, else the first.
[[nodiscard]] std::optional<std::size_t> best_point(const SweepOutcome& outcome, std::size_t metric,
                                                    const std::vector<std::size_t>& points);

}  // namespace myriad
