#pragma once
// What a rank does between two pipeline messages, as short lists that all ranks share: a layer forward, a layer
// backward, embedding, head. The rank's program walks them; nothing of the length of a step is ever stored.

#include "interconnect/network.h"
#include "models/card.h"
#include "workloads/training/plan.h"
#include "workloads/training/span.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

enum class StepKind : std::uint8_t {
    compute,  // runs `kernel`
    begin,    // enters a tensor-parallel collective on `slot`
    wait,     // until the collective on `slot` has finished
};

// What the card's kind says of a kernel; see Span.
struct KernelNature {
    ComputeBound bound = ComputeBound::unknown;
    Picoseconds fixed{0};  // launches
};

struct ProgramStep {
    StepKind kind = StepKind::compute;
    std::uint8_t slot = 0;
    std::uint16_t label = 0;  // index into StagePrograms::labels
    Kernel kernel;
    KernelNature nature;  // of the kernel
    CollectiveCall call;
};
using StepList = std::vector<ProgramStep>;

struct StagePrograms {
    StepList embedding;       // first stage, before its layers
    StepList embedding_grad;  // first stage, after its layers
    StepList layer;
    StepList layer_grad;  // recomputation included
    StepList head;        // last stage, after its layers: final norm, LM head, loss
    StepList head_grad;
    StepList message_gather;          // after a pipeline message that arrived in 1 / tp parts (scatter_gather_pipeline)
    std::vector<std::string> labels;  // "attention_qkv"; what is computed again: "recompute attention_qkv"
    std::uint16_t optimizer_label = 0;
};
// The plan is valid for the model. Kernel labels are string literals, so the result may be moved.
[[nodiscard]] StagePrograms make_programs(const LlmConfig& model, const ParallelPlan& plan);

// Work of the matrix unit in a list, recomputation included.
[[nodiscard]] Flop tensor_work(const StepList& list);

// Work of the matrix unit in one step of the whole plan.
[[nodiscard]] Flop executed_tensor_work(const LlmConfig& model, const ParallelPlan& plan,
                                        const StagePrograms& programs);

// Bytes that one rank sends to the next (or previous) stage for one micro-batch.
[[nodiscard]] Bytes pipeline_message(const LlmConfig& model, const ParallelPlan& plan);

// Bytes of the gradient buckets of a stage, one a layer: layers, head (last stage), embedding (first stage).
struct GradientBuckets {
    Bytes layer;
    Bytes head;
    Bytes embedding;
    Bytes norms;    // of replicated parameters, summed over the tensor-parallel group under sequence parallelism
    Bytes tied;     // embedding table, summed between first and last stage where it is tied and pp > 1
    Bytes weights;  // of the stage, as gathered by ZeRO-1 after the optimizer
    std::int64_t owned = 0;  // parameters that this rank's optimizer updates
};
[[nodiscard]] GradientBuckets gradient_buckets(const LlmConfig& model, const ParallelPlan& plan, std::int64_t stage);

}  // namespace myriad
