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

// All ranks of the first replica of the model: the waits of one of them for tensor-parallel peers and other stages lead
// to ranks among them.
[[nodiscard]] std::vector<std::int64_t> first_replica(const Layout& layout);
// "tp 0, dp 1, pp 3"
[[nodiscard]] std::string name_of_rank(const Layout& layout, std::int64_t rank);
// Of these, one of each pipeline stage.
[[nodiscard]] std::vector<std::int64_t> stage_heads(const Layout& layout);

[[nodiscard]] std::vector<CardGroup> groups_of(const Layout& layout, const std::vector<CardId>& cards);

// Fills in the explanation of the report and, for `shown.ranks` > 0, the trace; names are filled in here. `log` is not
// finished yet.
void explain_training(SpanLog& log, const TrainingWorkload& workload, const ClusterConfig& cluster,
                      const Topology& topology, TimelineOptions shown, TrainingReport& report, Timeline& timeline);

}  // namespace myriad
