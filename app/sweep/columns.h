#pragma once
// Which results a sweep's files hold, and what they call the end of a point.

#include "app/sweep/outcome.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace myriad {

// Metrics that some point has, so that a sweep of collectives has no columns of training.
[[nodiscard]] std::vector<std::size_t> used_metrics(const SweepOutcome& outcome);
// "ok", or name_of() of the outcome.
[[nodiscard]] std::string_view status_of(const SweepPointResult& point);

}  // namespace myriad
