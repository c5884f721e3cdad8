#pragma once
// What a rank does between two pipeline messages, as short lists that ranks share: a layer forward, a layer backward,
// embedding, head. The rank's program walks them; nothing of the length of a step is ever stored.

#include "interconnect/network.h"
#include "models/card.h"
#include "workloads/llm/operator.h"
#include "workloads/training/expert_loads.h"
#include "workloads/training/plan.h"
#include "workloads/training/span.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

enum class StepKind : std::uint8_t {
    compute,  // runs `kernel`
    begin,    // enters a collective, or a shift, of `group` on `slot`
    wait,     // until what was begun on `slot` has finished
};

struct ProgramStep {
    StepKind kind = StepKind::compute;
    GroupKind group = GroupKind::none;
    bool shift = false;    // call.size to the next rank of the group, as much from the previous one
    bool returns = false;  // of an uneven exchange of experts: the way back
    std::uint8_t slot = 0;
    std::uint16_t label = 0;  // index into StagePrograms::labels
    std::int16_t routing = -1;
    Kernel kernel;
    KernelNature nature;  // of the kernel
    CollectiveCall call;
};
using StepList = std::vector<ProgramStep>;
inline constexpr std::size_t kSlots = 8;  // exchanges that a list has under way at once, at most

// One part of the model, each way.
struct PartProgram {
    StepList forward;
    StepList recompute;   // before backward or input_grad: full recomputation
    StepList backward;    // input and weight gradients
    StepList input_grad;  // the two apart
    StepList weight_grad;
    // Parameters on one rank.
    std::int64_t dense = 0;       // reduced over data
    std::int64_t expert = 0;      // reduced over expert_data
    std::int64_t replicated = 0;  // of both, the same on all tensor-parallel ranks
    Bytes kept;                   // by one micro-batch for backward, as the plan recomputes
};

struct StagePrograms {
    PartProgram embedding;
    PartProgram head;                 // final norm, LM head, loss
    std::vector<PartProgram> mtp;     // a module's layer, by load; empty: the model has none
    std::vector<PartProgram> layers;  // by layer_variant()
    StepList message_gather;          // after a pipeline message that arrived in 1 / tp parts
    std::vector<std::string> labels;  // "attention_qkv"; what is computed again: "recompute attention_qkv"
    std::uint16_t optimizer_label = 0;
    std::uint16_t host_label = 0;
    std::vector<LayerKind> kinds;       // distinct ones of the model
    std::vector<std::uint8_t> kind_of;  // by layer
    std::int64_t loads = 1;             // of ExpertLoads

    // A layer as a rank with this load runs it; `plain`: it is not recomputed though the plan recomputes others.
    [[nodiscard]] const PartProgram& layer(std::int64_t layer, bool plain, std::size_t load) const {
        const std::size_t kind = kind_of[static_cast<std::size_t>(layer)];
        return layers[(kind * 2 + (plain ? 1 : 0)) * static_cast<std::size_t>(loads) +
                      (kinds[kind].experts ? load : 0)];
    }
};
// The plan is valid for the model. Kernel labels are string literals, and kernels refer to `loads`, so the result may be
// moved but must not outlive them.
[[nodiscard]] StagePrograms make_programs(const LlmConfig& model, const ParallelPlan& plan, const ExpertLoads& loads);

// Work of the matrix unit in a list, recomputation included.
[[nodiscard]] Flop tensor_work(const StepList& list);

// Bytes that one rank sends to the next (or previous) stage for one micro-batch.
[[nodiscard]] Bytes pipeline_message(const LlmConfig& model, const ParallelPlan& plan);

}  // namespace myriad
