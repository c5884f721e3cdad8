#pragma once
// Runs the workloads that are traffic alone, on a platform of any level.

#include "app/run/report.h"

namespace myriad {

// Throws LawError when a flow does not end, or when the flows end sooner than the bound allows.
[[nodiscard]] TrafficReport run_traffic(Platform& platform, const TrafficWorkload& workload);
[[nodiscard]] IterationReport run_iteration(Platform& platform, const IterationWorkload& workload);

// What the busiest card must send or receive over all of its links, plus the shortest latency.
[[nodiscard]] Picoseconds traffic_lower_bound(const Topology& topology, const std::vector<TrafficFlow>& flows);

}  // namespace myriad
