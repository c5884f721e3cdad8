#pragma once
// Reads workload.inference.

#include "app/scenario/scenario.h"
#include "sim/config/section.h"

#include <vector>

namespace myriad {

// `placed`: the cards of the cluster in the order of the placement.
[[nodiscard]] InferenceWorkload read_inference(Section s, const ClusterFile& cluster, CardLevel card,
                                               const std::vector<CardId>& placed);

}  // namespace myriad
