#pragma once
// Readers of the workloads `traffic` and `iteration`.

#include "app/scenario/scenario.h"
#include "sim/config/section.h"

namespace myriad {

[[nodiscard]] TrafficWorkload read_traffic(Section s, const ClusterFile& cluster, std::uint64_t seed);
[[nodiscard]] IterationWorkload read_iteration(Section s, const ClusterFile& cluster);

}  // namespace myriad
