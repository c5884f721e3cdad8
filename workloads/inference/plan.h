#pragma once
// How inference is divided over cards, and which step of it is asked for: prefill of prompts, or decode of one token for
// each sequence of a batch.

#include "workloads/llm/layers.h"
#include "workloads/llm/model_config.h"
#include "workloads/llm/routing.h"
#include "workloads/training/plan.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

enum class InferencePhase : std::uint8_t {
    prefill,  // `tokens` new tokens of each sequence; one token comes out
    decode,   // one token of each sequence
};
enum class WeightType : std::uint8_t {
    plain,  // of every matrix in the type of activations
    fp8,    // of matrices in layers; activations are cast before them
};
enum class CacheType : std::uint8_t {
    plain,  // as activations
    fp8,    // keys and values are cast when they are written, back when they are read
};

struct InferencePlan {
    InferencePhase phase = InferencePhase::decode;
    std::int64_t tensor_parallel = 1;
    std::int64_t pipeline_parallel = 1;
    std::int64_t data_parallel = 1;    // copies of attention, each with its own sequences
    std::int64_t expert_parallel = 1;  // out of tensor x data parallel
    // Ranks that share an expert; 0: the tensor-parallel ranks where expert_parallel is 1, else one.
    std::int64_t expert_tensor_parallel = 0;
    DimensionOrder order = kDefaultOrder;
    std::int64_t batch = 1;          // sequences of all copies
    std::int64_t micro_batches = 0;  // of a copy, one pass through the pipeline each; 0: a pipeline stage each
    std::int64_t tokens = 1;         // prefill: new ones of a sequence
    std::int64_t context = 0;        // tokens of a sequence that are in the cache already
    bool sequence_parallel = false;  // norms and residuals on 1 / tp of the tokens
    std::vector<std::int64_t> layers_of_stage{};
    DataType type = DataType::bf16;  // of activations
    WeightType weights = WeightType::plain;
    CacheType cache = CacheType::plain;
    bool fuse_small_kernels = true;  // program.cpp says which
    ExpertDispatch dispatch = ExpertDispatch::per_rank;
    bool dispatch_fp8 = false;
    bool overlap_shared_experts = true;
    RoutingSpec routing{};
    std::int64_t warmup = 2;  // steps before those that are measured
    std::int64_t steps = 4;   // that are measured

    [[nodiscard]] std::int64_t ranks() const { return tensor_parallel * pipeline_parallel * data_parallel; }
    [[nodiscard]] std::int64_t passes() const { return micro_batches > 0 ? micro_batches : pipeline_parallel; }
    [[nodiscard]] std::int64_t sequences_of_copy() const { return batch / data_parallel; }
    [[nodiscard]] std::int64_t sequences_of_pass() const { return sequences_of_copy() / passes(); }
    [[nodiscard]] std::int64_t new_tokens() const { return phase == InferencePhase::decode ? 1 : tokens; }
    [[nodiscard]] std::int64_t tensor_of_experts() const {
        return expert_tensor_parallel > 0 ? expert_tensor_parallel : expert_parallel == 1 ? tensor_parallel : 1;
    }
    [[nodiscard]] Bytes cache_element() const { return cache == CacheType::fp8 ? Bytes{1} : size_of(type); }
    [[nodiscard]] OperatorShape shape() const;
    [[nodiscard]] LayoutSizes layout() const;
};

// Layers of each stage, as layer_ranges() of a training plan spreads them.
[[nodiscard]] std::vector<LayerRange> layer_ranges(const InferencePlan& plan, const LlmConfig& model);

// Everything that is wrong with running `plan` for `model` on `cards` cards; empty: it can run, memory aside.
[[nodiscard]] std::vector<PlanProblem> validate(const InferencePlan& plan, const LlmConfig& model, std::int64_t cards);

}  // namespace myriad
