#pragma once
// Runs the workload `overlap` on a platform of any level: every part alone, then all of them at once.

#include "app/activity/rank_log.h"
#include "app/run/report.h"

namespace myriad {

// Throws LawError when a part does not end.
// `kernels`: at card level tile, else null. `log`: where what cards do is noted, if wanted.
[[nodiscard]] OverlapReport run_overlap(Platform& platform, const OverlapWorkload& workload, const ChipConfig& chip,
                                        KernelTable* kernels, RankLog* log = nullptr);

}  // namespace myriad
