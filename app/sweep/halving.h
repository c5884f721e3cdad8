#pragma once
// Successive halving: which points go on to the next stage.

#include "app/sweep/outcome.h"

#include <cstddef>
#include <vector>

namespace myriad {

// Of the points of `results` that have run in `stage`; ascending indices.
[[nodiscard]] std::vector<std::size_t> survivors(const Sweep& sweep, std::size_t stage,
                                                 const std::vector<SweepPointResult>& results);

}  // namespace myriad
