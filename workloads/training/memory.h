#pragma once
// Memory of a card during a training step. Activations follow Korthikanti et al. 2022 (arXiv 2205.05198), section 4,
// written term by term so that grouped queries, SwiGLU and flash attention fit in.

#include "sim/units/units.h"
#include "workloads/training/plan.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

// Parameters that a rank of `stage` holds.
struct StageParameters {
    std::int64_t layers = 0;     // of its layers
    std::int64_t embedding = 0;  // first stage
    std::int64_t head = 0;       // last stage: final norm and LM head; tied: a copy when pp > 1, none when pp = 1
    [[nodiscard]] std::int64_t total() const { return layers + embedding + head; }
};
[[nodiscard]] StageParameters stage_parameters(const LlmConfig& model, const ParallelPlan& plan, std::int64_t stage);

struct MemoryUse {
    Bytes weights;
    Bytes gradients;
    Bytes optimizer;    // fp32 master weight and two Adam moments
    Bytes activations;  // kept between forward and backward, all micro-batches in flight
    Bytes transient;    // the most that lives at one moment only: logits or the layer being recomputed, buffers of a
                        // tensor-parallel gather
    [[nodiscard]] Bytes total() const { return weights + gradients + optimizer + activations + transient; }
};

// Kept by one layer for one micro-batch on one rank.
[[nodiscard]] Bytes layer_activations(const LlmConfig& model, const ParallelPlan& plan);
[[nodiscard]] MemoryUse stage_memory(const LlmConfig& model, const ParallelPlan& plan, std::int64_t stage);

// Empty when every stage fits into `capacity`; else by how much the worst stage is over, what it holds, and which
// changes of the plan were tried and would make it fit.
[[nodiscard]] std::vector<PlanProblem> validate_memory(const LlmConfig& model, const ParallelPlan& plan,
                                                       Bytes capacity);

}  // namespace myriad
