#pragma once
// The part of the summary that tells an overlap workload: each part alone and together, and bytes level by level.

#include "app/run/report.h"

#include <string>

namespace myriad {

[[nodiscard]] std::string overlap_text(const OverlapReport& overlap);

}  // namespace myriad
