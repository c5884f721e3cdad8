#pragma once
// The workload `overlap` of a scenario.

#include "app/scenario/hardware.h"
#include "app/scenario/scenario.h"
#include "sim/config/section.h"

namespace myriad {

// `live`: the card level is live, which can do less.
[[nodiscard]] OverlapWorkload read_overlap(Section s, const ClusterFile& cluster, bool live);

}  // namespace myriad
