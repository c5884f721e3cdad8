#pragma once
// Readers of the workloads `traffic` and `iteration`.

#include "app/scenario/scenario.h"
#include "sim/config/section.h"

namespace myriad {

// `placed`: the cards that take part where the workload lists none; `down`: by card, empty: none.
[[nodiscard]] TrafficWorkload read_traffic(Section s, const std::vector<CardId>& placed, int cards_in_cluster,
                                           const std::vector<bool>& down, std::uint64_t seed);
[[nodiscard]] IterationWorkload read_iteration(Section s, const ClusterFile& cluster);

}  // namespace myriad
