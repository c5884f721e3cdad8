#pragma once
// The communicators of a plan and every rank's seats in them. Internal to training/.

#include "workloads/training/rank_program.h"

#include <vector>

namespace myriad {

// A communicator and what it is for.
struct GroupRecord {
    CommunicatorId id{};
    GroupKind kind = GroupKind::none;
    std::size_t lane = 0;
    int routing = -1;      // of an uneven exchange
    bool returns = false;  // likewise: the way back
    bool weights = false;  // of data and expert_data: for weights that are gathered ahead (zero_stage 3)
    std::vector<std::int64_t> ranks;
};

struct StepGroups {
    std::vector<RankGroups> of_rank;
    std::vector<std::vector<std::int64_t>> rings;  // by context group: its ranks
    std::vector<GroupRecord> records;
};

// Groups as Megatron forms them (layout.h), created in the order of GroupKind; one set a lane where the schedule runs two
// passes side by side. DualPipe holds each part of the model on two stages: its data groups join both.
[[nodiscard]] StepGroups create_groups(const LlmConfig& model, const ParallelPlan& plan, const Layout& layout,
                                       const ExpertLoads& loads, const std::vector<CardId>& placement,
                                       Network& network);

}  // namespace myriad
