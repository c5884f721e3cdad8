#pragma once
// Memory of a card in inference: weights, what sequences leave in the cache, and what a pass needs while it runs.

#include "sim/units/units.h"
#include "workloads/inference/plan.h"

#include <vector>

namespace myriad {

struct InferenceMemory {
    Bytes weights;
    Bytes cache;        // keys and values of all sequences of a copy, this rank's heads and layers; recurrent states
    Bytes activations;  // the hidden state, and the most that one operator leaves for the next
    [[nodiscard]] Bytes total() const { return weights + cache + activations; }
};

// After the step: context + new tokens. By pipeline stage; where loads of experts differ, of the rank that needs most.
[[nodiscard]] std::vector<InferenceMemory> memory_by_stage(const LlmConfig& model, const InferencePlan& plan);

// Of one sequence on one rank, in `layers` of the model.
[[nodiscard]] Bytes cache_of_sequence(const LlmConfig& model, const InferencePlan& plan, const LayerRange& layers);

// Empty when every stage fits into `capacity`; else by how much the worst stage is over, what it holds, and which
// changes were tried and would make it fit. `fp8`: the cards multiply in fp8, so that it may be advised.
[[nodiscard]] std::vector<PlanProblem> validate_memory(const LlmConfig& model, const InferencePlan& plan,
                                                       Bytes capacity, bool fp8);

}  // namespace myriad
