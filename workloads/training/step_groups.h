#pragma once
// The communicators of a plan and every rank's seats in them. Internal to training/.

#include "workloads/training/rank_program.h"

#include <vector>

namespace myriad {

struct StepGroups {
    std::vector<RankGroups> of_rank;
    std::vector<std::vector<std::int64_t>> rings;  // by context group: its ranks
    std::size_t communicators = 0;
};

// Groups as Megatron forms them (layout.h), created in the order of GroupKind; one set a lane where the schedule runs two
// passes side by side. DualPipe holds each part of the model on two stages: its data groups join both.
[[nodiscard]] StepGroups create_groups(const LlmConfig& model, const ParallelPlan& plan, const Layout& layout,
                                       const ExpertLoads& loads, const std::vector<CardId>& placement,
                                       Network& network);

}  // namespace myriad
