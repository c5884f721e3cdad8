#pragma once
// Memory of a card during a training step. What a layer keeps is written down operator by operator (workloads/llm);
// activations follow Korthikanti et al. 2022 (arXiv 2205.05198), section 4, where nothing newer is in the model.

#include "sim/units/units.h"
#include "workloads/training/plan.h"
#include "workloads/training/weights.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

struct MemoryUse {
    Bytes weights;      // zero_stage 3: its share, and what is gathered at a time
    Bytes gradients;    // zero_stage 2 and 3: its share, and one layer's before they are scattered
    Bytes optimizer;    // fp32 master weight and two Adam moments
    Bytes activations;  // kept between forward and backward, all micro-batches in flight
    Bytes transient;    // the most that lives at one moment only: logits or the layer being recomputed, buffers of a
                        // tensor-parallel gather
    [[nodiscard]] Bytes total() const { return weights + gradients + optimizer + activations + transient; }
};

// Kept by a chunk for one micro-batch on one rank; uneven loads of experts: by the rank with most.
[[nodiscard]] Bytes chunk_activations(const StagePrograms& programs, const LlmConfig& model, const ParallelPlan& plan,
                                      const ChunkContent& chunk);
// Kept by one layer of the model's last kind for one micro-batch, as the plan recomputes.
[[nodiscard]] Bytes layer_activations(const LlmConfig& model, const ParallelPlan& plan);

// By pipeline stage; the peak over the step.
[[nodiscard]] std::vector<MemoryUse> memory_by_stage(const LlmConfig& model, const ParallelPlan& plan);

// Empty when every stage fits into `capacity`; else by how much the worst stage is over, what it holds, and which
// changes of the plan were tried and would make it fit.
[[nodiscard]] std::vector<PlanProblem> validate_memory(const LlmConfig& model, const ParallelPlan& plan,
                                                       Bytes capacity);

}  // namespace myriad
