#pragma once
// What a run of inference is made of. Internal to inference/.

#include "workloads/inference/bound.h"
#include "workloads/inference/rank.h"
#include "workloads/inference/step.h"

#include <memory>
#include <vector>

namespace myriad {

struct InferenceRun::Parts {
    Parts(const LlmConfig& model, const InferencePlan& plan, const InferencePlatform& platform);

    Layout layout;
    ExpertLoads loads;
    InferencePrograms programs;
    InferenceContext context;
    std::vector<InferenceSeats> seats;  // by rank
    std::vector<std::unique_ptr<InferenceRank>> ranks;
};

}  // namespace myriad
