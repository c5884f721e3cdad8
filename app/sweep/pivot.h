#pragma once
// Where a sweep's points stand in its grid, and the grid cut into tables.

#include "app/scenario/sweep.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace myriad {

// The inverse of point_of.
[[nodiscard]] std::size_t index_of(const Sweep& sweep, const std::vector<std::size_t>& choice);

// One rectangle of points: rows and columns are two axes, all other axes stand still.
struct SubTable {
    std::vector<std::pair<std::string, std::string>> fixed;  // axis and label of those that `where` leaves open
    std::vector<std::string> row_labels;
    std::vector<std::string> column_labels;
    std::vector<std::vector<std::size_t>> points;  // [row][column]
};
// In the order of the axes not named, the last one fastest.
[[nodiscard]] std::vector<SubTable> sub_tables(const Sweep& sweep, const SweepTable& table);

}  // namespace myriad
