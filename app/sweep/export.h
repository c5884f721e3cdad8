#pragma once
// The points of a store as tables for programs: what the database holds now, also while a sweep runs or after it was
// interrupted.

#include "app/store/store.h"

#include <string>

namespace myriad {

struct Exported {
    std::string csv;   // as sweep.csv: a row a point
    std::string json;  // the same as a list of maps
};
// Throws UserError when the store has no database.
[[nodiscard]] Exported export_points(const Store& store);

}  // namespace myriad
