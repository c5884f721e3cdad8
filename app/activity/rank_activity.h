#pragma once
// The rows of a figure that shows what a few ranks did, from their lanes.

#include "app/activity/activity.h"
#include "app/timeline/lanes.h"

#include <cstddef>
#include <vector>

namespace myriad {

inline constexpr std::int64_t kActivityRows = 8;
inline constexpr std::size_t kActivitySlices = 4'000;  // of all rows

// `rows` without lanes, in their order; lanes of other ranks are left out. What overlaps on a lane becomes one slice.
[[nodiscard]] RankActivity rank_activity(std::vector<ActivityRow> rows, const std::vector<TimelineLane>& lanes,
                                         std::size_t slices_most = kActivitySlices);

}  // namespace myriad
