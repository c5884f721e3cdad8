#pragma once
// What a training run needs to explain itself: who is watched, what bounds each kernel, who talks to whom over what.

#include "app/run/group_links.h"
#include "app/run/report.h"
#include "app/timeline/timeline.h"
#include "models/kernel_table/kernel_table.h"
#include "workloads/training/step.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace myriad {

// At roofline level the longer of work / rate and bytes / bandwidth; at tile level what was busy longest. `table` may be
// null. Both outlive the function.
[[nodiscard]] std::function<KernelNature(const Kernel&)> natures(const ChipConfig& chip, KernelTable* table);

// A rank of each pipeline stage, of the first replica.
[[nodiscard]] std::vector<std::int64_t> first_replica(const Layout& layout);

[[nodiscard]] std::vector<CardGroup> groups_of(const Layout& layout, const std::vector<CardId>& cards);

// Fills in the explanation of the report and, for `trace_ranks` > 0, the trace of so many ranks, the representatives
// first. `log` is not finished yet.
void explain_training(SpanLog& log, const TrainingWorkload& workload, const ClusterConfig& cluster,
                      const Topology& topology, const std::vector<std::int64_t>& representatives, int trace_ranks,
                      TrainingReport& report, Timeline& timeline);

}  // namespace myriad
