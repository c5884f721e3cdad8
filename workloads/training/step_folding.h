#pragma once
// Which ranks of a step are run for which others. Internal to training/.

#include "workloads/training/rank_program.h"
#include "workloads/training/step.h"
#include "workloads/training/step_groups.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

struct RankFolding {
    std::vector<std::int64_t> representative;  // by rank: itself where it runs
    std::vector<std::int64_t> multiplicity;    // by rank: ranks that it runs for; 0: it does not run
    std::vector<std::uint32_t>
        group_class;   // by communicator: groups with the same members up to folding; empty: each its own
    std::string text;  // "96 classes of 1,024 ranks"; why not
};
[[nodiscard]] RankFolding fold_ranks(const StepContext& context, const StepGroups& groups,
                                     const TrainingPlatform& platform);

// Every distinct call that a group will make (step_calls.cpp).
[[nodiscard]] std::vector<CollectiveCall> calls_of(const StepContext& context, const GroupRecord& group);
// Distinct sizes of shifts that the ranks of a stage will make.
[[nodiscard]] std::vector<Bytes> shifts_of(const StepContext& context, std::int64_t stage);

}  // namespace myriad
