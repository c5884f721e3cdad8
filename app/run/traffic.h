#pragma once
// Runs the workloads that are traffic alone, on a platform of any level.

#include "app/activity/rank_log.h"
#include "app/run/report.h"

namespace myriad {

// `log`, `spans`: where what ranks do is noted, if wanted. Throws LawError when a flow does not end, or when the flows end sooner than the bound allows.
[[nodiscard]] TrafficReport run_traffic(Platform& platform, const TrafficWorkload& workload, RankLog* log = nullptr);
[[nodiscard]] IterationReport run_iteration(Platform& platform, const IterationWorkload& workload,
                                            SpanSink* spans = nullptr);

// What the busiest card must send or receive over all of its links, plus the shortest latency.
[[nodiscard]] Picoseconds traffic_lower_bound(const Topology& topology, const std::vector<TrafficFlow>& flows);

}  // namespace myriad
