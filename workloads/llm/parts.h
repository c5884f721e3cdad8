#pragma once
// What the parts of a layer are put together from: matrices, norms and exchanges as operators. Internal to this folder.
//
// Bytes that an operator keeps for backward, as Korthikanti et al. 2022 (arXiv 2205.05198), section 4, count them, stand
// where they are kept: a norm keeps its input; a matrix the input that its weight gradient needs; attention Q, K, V and
// what its backward starts from; a residual the dropout mask of its branch; an activation its input. A tensor that two
// operators need is kept by the first of them. Selective recomputation drops what is large and cheap: with flash
// attention outputs of norms and activations (DeepSeek-V3 report, 3.2.3, adds the up-projections of latent attention),
// with unfused attention the scores (Korthikanti, section 5).

#include "models/kernels.h"
#include "workloads/llm/layers.h"

#include <string_view>

namespace myriad {

struct PartContext {
    PartContext(const LlmConfig& model, const OperatorShape& shape);

    const LlmConfig& model;
    const OperatorShape& shape;
    std::int64_t element;  // bytes of one in shape.type
    std::int64_t tensor;   // ranks
    std::int64_t tokens;   // of a micro-batch, of this rank's context-parallel part
    std::int64_t region;   // of these, where norms and residuals work

    [[nodiscard]] bool training() const { return shape.phase == ModelPhase::training; }
    [[nodiscard]] bool sharded() const { return shape.sequence_parallel && tensor > 1; }
    [[nodiscard]] bool fp8() const { return shape.precision == Precision::fp8; }
    [[nodiscard]] bool eager() const { return training() && shape.fusion == KernelFusion::eager; }
    // Selective recomputation: norm and activation outputs, or the scores.
    [[nodiscard]] bool drops_outputs() const { return shape.attention == AttentionKernel::flash; }
    [[nodiscard]] Bytes elements(std::int64_t count) const { return Bytes{count * element}; }
};

// --- exchanges (exchanges.cpp); nothing is appended where the group has one rank ---

struct ExchangeSpec {
    std::string_view name;
    GroupKind group = GroupKind::none;
    std::optional<CollectiveCall> forward;
    std::optional<CollectiveCall> backward;
};
[[nodiscard]] Operator exchange_operator(const ExchangeSpec& spec);
// Around matrices under tensor parallelism; `size` of the whole activation. Before one by columns: gathers the tokens
// (sequence parallelism) or sums its input's gradient. After one by rows: its mirror.
void append_gather(OperatorList& list, const PartContext& c, Bytes size);
void append_reduce(OperatorList& list, const PartContext& c, Bytes size);

// --- matrices (matrices.cpp) ---

struct MatrixLabels {
    std::string_view forward;
    std::string_view dgrad;
    std::string_view wgrad;
};
struct MatrixExtent {
    std::int64_t rows;
    std::int64_t outputs;
    std::int64_t inputs;
    std::int64_t batch = 1;  // matrices of their own, as heads
};
enum class MatrixInput : std::uint8_t {
    cheap,   // of a norm or an activation: selective recomputation drops it
    costly,  // of anything else
    shared,  // kept by an operator before
};
struct MatrixSpec {
    MatrixLabels labels;
    MatrixExtent extent;
    MatrixInput input = MatrixInput::costly;
    std::int64_t kept_rows = 0;  // of the input that this rank keeps: fewer than rows where they are gathered again
    bool low_precision = true;   // fp8 where Precision says so
    // The gradient of the input is added to what another matrix on the same input has left there.
    bool adds_input_grad = false;
};
// y = x W, dx = dy W^T, dW += x^T dy; parameters inputs x outputs a batch. Under fp8 with the casts of precision.cpp.
[[nodiscard]] Operator matrix_operator(const PartContext& c, const MatrixSpec& spec);
// One matrix an expert on rows of its own.
struct GroupedSpec {
    MatrixLabels labels;
    std::int64_t outputs;
    std::int64_t inputs;
    std::int64_t experts;
    MatrixInput input = MatrixInput::costly;
    bool input_is_fp8 = false;  // as it arrived
};
[[nodiscard]] Operator grouped_operator(const PartContext& c, const GroupedSpec& spec, const ExpertLoad& load);

// --- fp8 with a scale for 1 x 128 elements of an activation and 128 x 128 of a weight (precision.cpp) ---

// Of `elements` in fp8 and their scales in fp32.
[[nodiscard]] Bytes fp8_bytes(std::int64_t elements);
[[nodiscard]] Bytes fp8_weight_scale_bytes(std::int64_t elements);
// bf16 to fp8: largest of 128, scale, product.
[[nodiscard]] Kernel cast_kernel(const PartContext& c, std::int64_t rows, std::int64_t width);
// A gradient, once for dgrad along its channels and once for wgrad along tokens: one kernel, two results.
[[nodiscard]] Kernel gradient_cast_kernel(const PartContext& c, std::int64_t rows, std::int64_t width);
// A kept input of `kept` bytes, in fp8 with scales along channels or not cast yet, to scales along tokens, for wgrad.
[[nodiscard]] Kernel transpose_cast_kernel(const PartContext& c, std::int64_t rows, std::int64_t width, Bytes kept);
// What a matrix keeps of an input of `elements`.
[[nodiscard]] Bytes kept_input_bytes(const PartContext& c, std::int64_t elements, bool low_precision);

// --- norms, residuals, activations (vectors.cpp) ---

struct NormLabels {
    std::string_view forward;
    std::string_view backward;
};
[[nodiscard]] NormKind norm_kind(const LlmConfig& model);
// Keeps its input; weight (and bias) on every tensor-parallel rank.
[[nodiscard]] Operator norm_operator(const PartContext& c, const NormLabels& labels, NormKind kind, std::int64_t rows,
                                     std::int64_t width);
// A norm at the begin of a branch: its backward adds the gradient that came past the branch.
[[nodiscard]] Operator branch_norm_operator(const PartContext& c, const NormLabels& labels);
[[nodiscard]] Operator residual_operator(const PartContext& c);
struct ActivationLabels {
    std::string_view forward;
    std::string_view backward;
};
// `width` of the result.
[[nodiscard]] Operator activation_operator(const PartContext& c, const ActivationLabels& labels, std::int64_t rows,
                                           std::int64_t width);

// --- kernels that nobody has fused, KernelFusion::eager (eager.cpp) ---

// A bias added by a kernel of its own, with its gradient; the gradient alone. Nothing where kernels are fused.
void add_eager_bias(Operator& op, const PartContext& c, std::int64_t rows, std::int64_t width);
void add_eager_bias_grad(Operator& op, const PartContext& c, std::int64_t rows, std::int64_t width);
[[nodiscard]] Kernel dropout_kernel(const PartContext& c, std::int64_t rows, std::int64_t width,
                                    std::string_view label);
[[nodiscard]] Kernel dropout_grad_kernel(const PartContext& c, std::int64_t rows, std::int64_t width,
                                         std::string_view label);
[[nodiscard]] Kernel norm_weight_grad_kernel(const PartContext& c, std::int64_t rows, std::int64_t width);
// Adds a gradient in the model's type to the accumulated one.
[[nodiscard]] Kernel gradient_accumulation_kernel(const PartContext& c, std::int64_t parameters);
void add_eager_loss(Operator& op, const PartContext& c, std::int64_t rows, std::int64_t outputs);
// `table`: elements of this rank's part.
void add_eager_embedding(Operator& op, const PartContext& c, std::int64_t table);

// --- parts of a layer, each from its norm to its residual ---

void append_attention(OperatorList& list, const PartContext& c);                        // attention.cpp
void append_latent_attention(OperatorList& list, const PartContext& c);                 // latent_attention.cpp
void append_linear_attention(OperatorList& list, const PartContext& c);                 // linear_attention.cpp
void append_feed_forward(OperatorList& list, const PartContext& c);                     // feed_forward.cpp
void append_experts(OperatorList& list, const PartContext& c, const ExpertLoad& load);  // experts.cpp

// softmax(Q K^T) V of one rank with context parallelism (attention_core.cpp).
struct CoreExtents {
    std::int64_t heads;     // of this rank
    std::int64_t kv_heads;  // likewise
    std::int64_t head_dim;  // of queries and keys
    std::int64_t value_dim;
    // Bytes that selective recomputation drops of Q, K and V because it projects them again.
    Bytes projected_again;
    std::int64_t cached_width;  // elements that a token leaves in the cache
    std::int64_t page_tokens;   // of the cache that attention reads; 0: what it reads is contiguous
};
void append_attention_core(OperatorList& list, const PartContext& c, const CoreExtents& extents);

// The keys that latent attention looks at where the model has an indexer (sparse_attention.cpp).
[[nodiscard]] bool attends_sparsely(const PartContext& c);
void append_index(OperatorList& list, const PartContext& c);
[[nodiscard]] Kernel sparse_attention_kernel(const PartContext& c, std::int64_t heads);

// Leaves what inference needs: no gradients, nothing kept.
void strip_training(OperatorList& list);

}  // namespace myriad
