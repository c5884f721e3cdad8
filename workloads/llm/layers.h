#pragma once
// The operators of a model's parts on one rank: dense and expert layers, grouped-query, latent and linear attention,
// multi-token prediction, embedding and head; for training, prefill and decode.
//
// Cut as Megatron cuts: QKV, up and LM head by columns, attention output and down by rows, vocabulary and heads divided
// by tensor parallelism; with sequence parallelism norms and residuals work on 1 / tp of the tokens; context parallelism
// gives a rank 1 / cp of each sequence; experts lie on the expert-parallel ranks.

#include "workloads/llm/model_config.h"
#include "workloads/llm/operator.h"

#include <cstdint>
#include <span>
#include <vector>

namespace myriad {

enum class AttentionKernel : std::uint8_t {
    flash,    // fused and causal: masked pairs are not computed, scores never reach HBM, backward recomputes QK^T
    unfused,  // batched GEMM, softmax, batched GEMM over all pairs, as Megatron in 2022
};
enum class ModelPhase : std::uint8_t {
    training,
    prefill,  // forward only; keys and values go to the cache
    decode,   // one token (or `queries`) a sequence against a cache of `context` tokens
};
enum class ContextExchange : std::uint8_t {
    ring,        // blocks of keys and values go round beside the attention on those that are here
    all_gather,  // all keys and values before attention
};
enum class Precision : std::uint8_t {
    plain,  // every matrix in OperatorShape::type
    fp8,    // matrices of layers in fp8 forward and backward, with the casts they need; attention, router, embedding,
            // head and norms as in plain
};
// Which kernels there are beside matrices and attention.
enum class KernelFusion : std::uint8_t {
    fused,  // biases and dropout cost nothing; one kernel each way for the loss; gradients of norms come with dx
    eager,  // kernel by kernel, as Megatron-LM of 2021 and 2022 ran in PyTorch (eager.cpp)
};
// How tokens travel to experts.
enum class ExpertDispatch : std::uint8_t {
    per_expert,  // a copy for each of the top-k experts of another rank
    per_rank,    // a copy for each rank that has one of them
    // A copy for each server that has one of them, to the rank at the sender's place there, which copies it on to the
    // ranks of its server that have them; likewise back (DeepEP).
    per_server,
};

// What one rank of an expert-parallel group has to do in one layer; from routing.h.
struct ExpertLoad {
    std::span<const std::int64_t> rows;  // tokens for each of its experts; outlives the kernels
    std::int64_t total = 0;              // their sum
    // Token copies that a rank sends in a dispatch, its own share included: the size of an all_to_all call divided by the
    // bytes of a token. Where ranks differ: of the rank that sends most, in dispatch and in combine.
    std::int64_t dispatched = 0;
    std::int64_t combined = 0;
    int routing = -1;  // Exchange::routing of its exchanges
    // What this rank sends and receives in a dispatch, for its own kernels; -1: as `dispatched` and `combined`.
    std::int64_t sent = -1;
    std::int64_t received = -1;
    // per_server: token copies that a rank sends to servers, its own included; `dispatched` is then what it sends on.
    std::int64_t server_copies = 0;
};

struct OperatorShape {
    ModelPhase phase = ModelPhase::training;
    std::int64_t micro_batch = 1;      // sequences
    std::int64_t sequence_length = 0;  // whole, before context parallelism; decode: 1 (or the speculated tokens)
    std::int64_t context = 0;          // prefill, decode: tokens of each sequence that are in the cache already
    std::int64_t tensor_parallel = 1;
    bool sequence_parallel = false;
    std::int64_t context_parallel = 1;
    ContextExchange context_exchange = ContextExchange::ring;
    std::int64_t expert_parallel = 1;
    std::int64_t expert_tensor_parallel = 1;
    ExpertDispatch dispatch = ExpertDispatch::per_rank;
    std::int64_t expert_server = 1;  // per_server: ranks of an expert-parallel group that share a server
    double capacity_factor = 0.0;  // 0: dropless; else an expert takes at most this times its fair share, padded to it
    bool overlap_shared_experts = true;  // shared experts run while the dispatch is under way
    AttentionKernel attention = AttentionKernel::flash;
    DataType type = DataType::bf16;
    Precision precision = Precision::plain;
    bool dispatch_fp8 = false;        // dispatch in fp8 with a scale a 128 channels; combine stays in `type`
    std::int64_t gradient_bytes = 4;  // of the accumulated weight gradient
    bool dropout = false;
    KernelFusion fusion = KernelFusion::fused;
    bool fused_accumulation = true;  // dW is added to the accumulated gradient inside of its GEMM

    // Tokens of a micro-batch that this rank's context-parallel part has.
    [[nodiscard]] std::int64_t tokens() const { return micro_batch * (sequence_length / context_parallel); }
    // Of these, what one rank holds where sequence parallelism divides them.
    [[nodiscard]] std::int64_t region_tokens() const {
        return sequence_parallel ? tokens() / tensor_parallel : tokens();
    }
};

// Layers of a model that are alike.
struct LayerKind {
    bool experts = false;
    bool linear_attention = false;
    bool operator==(const LayerKind&) const = default;
};
[[nodiscard]] LayerKind layer_kind(const LlmConfig& model, std::int64_t layer);

// Vocabulary padded to a multiple of 128 x tp, as Megatron does (--make-vocab-size-divisible-by 128).
[[nodiscard]] std::int64_t padded_vocabulary(std::int64_t vocab, std::int64_t tensor_parallel);

// `load` is read where kind.experts; balanced_load(model, shape) of routing.h gives an even one.
[[nodiscard]] OperatorList layer_operators(const LlmConfig& model, const LayerKind& kind, const OperatorShape& shape,
                                           const ExpertLoad& load);
[[nodiscard]] OperatorList embedding_operators(const LlmConfig& model, const OperatorShape& shape);
// Final norm, LM head, loss (training) or sampling input (inference: the last token of a sequence only).
[[nodiscard]] OperatorList head_operators(const LlmConfig& model, const OperatorShape& shape);
// One multi-token-prediction module without its head: norms, projection of 2 h to h, one layer of the last kind. The
// head is head_operators() once more, its weights shared.
[[nodiscard]] OperatorList mtp_operators(const LlmConfig& model, const OperatorShape& shape, const ExpertLoad& load);

// Bytes of the activation between layers that one rank keeps (full recomputation keeps only this of a layer), and that
// goes to the next pipeline stage.
[[nodiscard]] Bytes layer_input_bytes(const LlmConfig& model, const OperatorShape& shape);

}  // namespace myriad
