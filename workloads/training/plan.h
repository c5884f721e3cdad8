#pragma once
// How a training step is divided over cards. Ranks are numbered as Megatron numbers them, tensor parallelism
// innermost, then data, then pipeline:  rank = tp + TP * (dp + DP * pp).

#include "workloads/llm/model_config.h"
#include "workloads/llm/operators.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

enum class Recompute : std::uint8_t {
    none,
    // Drops what is large and cheap. Unfused attention: the attention core is run again (Korthikanti et al. 2022).
    // Flash attention never stores scores, so here norm outputs and the activation's output are computed again.
    selective,
    full,  // only a layer's input is kept; backward runs the whole layer forward again, its collectives included
};
enum class PipelineSchedule : std::uint8_t { one_forward_one_backward, gpipe };

struct ParallelPlan {
    std::int64_t tensor_parallel = 1;
    std::int64_t pipeline_parallel = 1;
    std::int64_t data_parallel = 1;
    std::int64_t micro_batch = 1;   // sequences
    std::int64_t global_batch = 1;  // sequences
    std::int64_t sequence_length = 4096;
    bool sequence_parallel = true;  // no effect without tensor parallelism
    // Backward of a column-parallel matrix: the gather of its input runs beside dgrad and the reduction of its input's
    // gradient beside wgrad, as Megatron does.
    bool overlap_tensor_parallel = true;
    // Without sequence parallelism every tensor-parallel rank sends the same activation to the next stage. With
    // this each sends 1 / tp and the receivers gather (Narayanan et al. 2021, section 4.1).
    bool scatter_gather_pipeline = false;
    bool overlap_gradient_reduction = true;  // per layer, beside the backward pass of the last micro-batch
    bool clip_gradients = true;              // a norm over all ranks before the optimizer
    Recompute recompute = Recompute::none;
    PipelineSchedule schedule = PipelineSchedule::one_forward_one_backward;
    AttentionKernel attention = AttentionKernel::flash;
    int zero_stage = 1;    // 0: every rank keeps all optimizer states; 1: 1 / dp of them
    bool dropout = false;  // GPT-like models: masks count in memory
    DataType type = DataType::bf16;
    std::int64_t weight_bytes = 2;
    std::int64_t gradient_bytes = 4;  // 4: fp32, 2: bf16 (accumulated and reduced in this type)

    [[nodiscard]] std::int64_t ranks() const { return tensor_parallel * pipeline_parallel * data_parallel; }
    [[nodiscard]] std::int64_t micro_batches() const { return global_batch / (data_parallel * micro_batch); }
    [[nodiscard]] bool sharded_sequence() const { return sequence_parallel && tensor_parallel > 1; }
    [[nodiscard]] OperatorShape shape() const;
};

// Place of a rank in the plan, and back.
struct RankPlace {
    std::int64_t tp = 0;
    std::int64_t dp = 0;
    std::int64_t pp = 0;
};
[[nodiscard]] RankPlace place_of(const ParallelPlan& plan, std::int64_t rank);
[[nodiscard]] std::int64_t rank_of(const ParallelPlan& plan, const RankPlace& place);

// One thing that is wrong; `key` is the key of the plan in a scenario, so that the reader can point at it.
struct PlanProblem {
    std::string key;
    std::string message;
};
// Everything that is wrong with running `plan` for `model` on `cards` cards; empty: it can run, memory aside.
[[nodiscard]] std::vector<PlanProblem> validate(const ParallelPlan& plan, const LlmConfig& model, std::int64_t cards);

// Pipeline order of a stage: slot i of 2 x micro_batches.
struct PipelineSlot {
    bool forward = true;
    std::int64_t micro_batch = 0;
};
[[nodiscard]] PipelineSlot pipeline_slot(const ParallelPlan& plan, std::int64_t stage, std::int64_t slot);
// Micro-batches whose activations a stage holds at most: 1F1B min(pp - stage, m), GPipe m.
[[nodiscard]] std::int64_t micro_batches_in_flight(const ParallelPlan& plan, std::int64_t stage);

}  // namespace myriad
