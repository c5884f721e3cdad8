#pragma once
// What a training step is made of. Internal to training/.

#include "workloads/training/rank_program.h"
#include "workloads/training/step.h"
#include "workloads/training/step_groups.h"

#include <memory>
#include <vector>

namespace myriad {

struct TrainingStep::Parts {
    Parts(const LlmConfig& model, const ParallelPlan& plan, const TrainingPlatform& platform);

    Layout layout;
    ExpertLoads loads;
    StagePrograms programs;
    StepContext context;
    std::vector<RankGroups> groups;  // by rank
    std::vector<Card*> cards;        // by rank: the one that runs for it
    std::string folding_text;
    std::vector<std::unique_ptr<RankProgram>> programs_of_ranks;
};

// Times of passes on an idle card, communication free: what a schedule's closed form asks for.
struct ChunkTimes {
    Picoseconds forward{0};  // of one chunk
    Picoseconds input_grad{0};
    Picoseconds weight_grad{0};
};
[[nodiscard]] ChunkTimes chunk_times(const StepContext& context, const ChunkContent& chunk, const Card& card);

// Work of the matrix unit in one step of the whole plan.
[[nodiscard]] Flop executed_tensor_work(const StepContext& context);

}  // namespace myriad
