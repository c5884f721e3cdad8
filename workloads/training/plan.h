#pragma once
// How a training step is divided over cards: degrees of parallelism, batch, pipeline schedule, what is computed again,
// what is overlapped, in which precision.

#include "workloads/llm/layers.h"
#include "workloads/llm/model_config.h"
#include "workloads/llm/routing.h"
#include "workloads/training/layout.h"
#include "workloads/training/pipeline.h"

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

struct ParallelPlan {
    std::int64_t tensor_parallel = 1;
    std::int64_t pipeline_parallel = 1;
    std::int64_t data_parallel = 1;
    std::int64_t context_parallel = 1;
    std::int64_t expert_parallel = 1;         // divides tensor x context x data / expert_tensor
    std::int64_t expert_tensor_parallel = 1;  // inside experts
    DimensionOrder order = kDefaultOrder;
    std::int64_t micro_batch = 1;   // sequences
    std::int64_t global_batch = 1;  // sequences
    std::int64_t sequence_length = 4096;
    bool sequence_parallel = true;  // no effect without tensor parallelism
    ContextExchange context_exchange = ContextExchange::ring;
    // Backward of a column-parallel matrix: the gather of its input runs beside dgrad and the reduction of its input's
    // gradient beside wgrad, as Megatron does.
    bool overlap_tensor_parallel = true;
    // Without sequence parallelism every tensor-parallel rank sends the same activation to the next stage. With
    // this each sends 1 / tp and the receivers gather (Narayanan et al. 2021, section 4.1).
    bool scatter_gather_pipeline = false;
    bool overlap_gradient_reduction = true;  // per bucket, beside the backward pass that finishes it
    Bytes bucket{0};                         // least size of a gradient bucket; 0: one a layer
    bool clip_gradients = true;              // a norm over all ranks before the optimizer
    Recompute recompute = Recompute::none;
    std::int64_t recompute_layers = 0;  // of a chunk, its first ones; 0: all
    PipelineSchedule schedule = PipelineSchedule::one_forward_one_backward;
    std::int64_t virtual_stages = 1;              // interleaved: chunks a stage
    std::vector<std::int64_t> layers_of_stage{};  // by position of the path; empty: as even as can be
    AttentionKernel attention = AttentionKernel::flash;
    // 0: every copy keeps everything; 1: optimizer states divided over copies; 2: gradients too, reduced after every
    // micro-batch; 3 (FSDP): weights too, gathered before each use.
    int zero_stage = 1;
    std::int64_t prefetch = 1;  // zero_stage 3: layers gathered ahead
    bool dropout = false;       // GPT-like models: masks count in memory
    KernelFusion fusion = KernelFusion::fused;
    bool fused_accumulation = true;  // weight gradients are added to the accumulated ones inside of their GEMM
    // What the host needs to issue a kernel or a collective; it issues them in order and ahead of the card, but waits
    // for a pipeline message and for the gradient norm. 0: never the limit, as with graphs.
    Picoseconds host_issue{0};
    bool overlap_pipeline = true;  // a stage works on while its messages travel
    DataType type = DataType::bf16;
    Precision precision = Precision::plain;
    std::int64_t weight_bytes = 2;
    std::int64_t gradient_bytes = 4;    // 4: fp32, 2: bf16 (accumulated and reduced in this type)
    std::int64_t optimizer_bytes = 12;  // a parameter: fp32 master weight and two moments; 8 with bf16 moments
    ExpertDispatch dispatch = ExpertDispatch::per_rank;
    std::int64_t expert_server = 1;  // dispatch per_server: ranks of an expert group that share a server
    double capacity_factor = 0.0;    // 0: dropless
    bool dispatch_fp8 = false;
    bool overlap_shared_experts = true;
    RoutingSpec routing{};

    [[nodiscard]] std::int64_t ranks() const {
        return tensor_parallel * pipeline_parallel * data_parallel * context_parallel;
    }
    [[nodiscard]] std::int64_t micro_batches() const { return global_batch / (data_parallel * micro_batch); }
    [[nodiscard]] bool sharded_sequence() const { return sequence_parallel && tensor_parallel > 1; }
    [[nodiscard]] OperatorShape shape() const;
    [[nodiscard]] LayoutSizes layout() const;
    [[nodiscard]] PipelineShape pipeline() const;
};

// Layers by position of a micro-batch's path (pipeline.h): [first, first + count). Where layers_of_stage is empty they
// are spread evenly, the embedding and the head counting for a layer each where that does not come out even.
struct LayerRange {
    std::int64_t first = 0;
    std::int64_t count = 0;
};
[[nodiscard]] std::vector<LayerRange> layer_ranges(const ParallelPlan& plan, const LlmConfig& model);

// One thing that is wrong; `key` is the key of the plan in a scenario, so that the reader can point at it.
struct PlanProblem {
    std::string key;
    std::string message;
};
// Adds a problem where `degree`, the value of `key`, does not divide `value`, the number of `what` that the model has.
void check_divides(std::vector<PlanProblem>& problems, const char* key, std::int64_t degree, const char* what,
                   std::int64_t value, const std::string& model);
// Everything that is wrong with running `plan` for `model` on `cards` cards; empty: it can run, memory aside.
[[nodiscard]] std::vector<PlanProblem> validate(const ParallelPlan& plan, const LlmConfig& model, std::int64_t cards);

}  // namespace myriad
