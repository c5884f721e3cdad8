// Operators of a dense transformer layer, as kernels of models/kernels.h, where the formulas of work and bytes stand.
// T tokens, hidden h, a query heads and g key-value heads of width d, ffn f, tensor parallelism t.
//   linear               m = T, columns: n / t, rows: k / t; dgrad and wgrad are the same count with roles exchanged;
//                        wgrad adds to the accumulated gradient, which it reads and writes
//   flash attention      forward 4 d flop a (query, key) pair and head: T (s + 1) / 2 pairs (causal), a / t heads;
//                        backward 10 d: QK^T once more, dV, dP, dQ, dK
//   unfused attention    all T s pairs; scores go through HBM
//   vector operators     biases and dropout are fused and free; a gradient counts twice the operations of its forward,
//                        where it is not told otherwise
// Assumptions: kernels not listed (mask, cast, zeroing of gradients) cost nothing.

#include "workloads/llm/operators.h"

#include "models/kernels.h"
#include "sim/error/error.h"

#include <array>

namespace myriad {
namespace {

struct LinearLabels {
    std::string_view forward;
    std::string_view dgrad;
    std::string_view wgrad;
};
constexpr std::array<LinearLabels, 5> kLinearLabels{{
    {"attention_qkv", "attention_qkv_dgrad", "attention_qkv_wgrad"},
    {"attention_output", "attention_output_dgrad", "attention_output_wgrad"},
    {"mlp_up", "mlp_up_dgrad", "mlp_up_wgrad"},
    {"mlp_down", "mlp_down_dgrad", "mlp_down_wgrad"},
    {"lm_head", "lm_head_dgrad", "lm_head_wgrad"},
}};
constexpr std::array<std::string_view, 3> kNormLabels{"input_norm", "post_attention_norm", "final_norm"};
constexpr std::array<std::string_view, 3> kNormGradLabels{"input_norm_grad", "post_attention_norm_grad",
                                                          "final_norm_grad"};

constexpr std::int64_t kFp32Bytes = 4;
constexpr std::int64_t kVocabularyMultiple = 128;

NormKind norm_kind(const LlmConfig& model) {
    return model.normalisation == Normalisation::rms ? NormKind::rms : NormKind::layer;
}

}  // namespace

std::int64_t padded_vocabulary(std::int64_t vocab, std::int64_t tensor_parallel) {
    const std::int64_t multiple = kVocabularyMultiple * tensor_parallel;
    return (vocab + multiple - 1) / multiple * multiple;
}

DenseOperators::DenseOperators(const LlmConfig& model, const OperatorShape& shape) : model_(model), shape_(shape) {
    const std::int64_t tp = shape.tensor_parallel;
    MYRIAD_CHECK(model.is_plain_dense(), model.name);
    MYRIAD_CHECK(tp > 0 && model.heads % tp == 0 && model.kv_heads % tp == 0 && model.ffn % tp == 0, model.name);
    MYRIAD_CHECK(!shape.sequence_parallel || shape.sequence_length % tp == 0, model.name);
}

std::int64_t DenseOperators::query_key_heads() const {
    return (model_.heads + model_.kv_heads) / shape_.tensor_parallel;
}
std::int64_t DenseOperators::query_width() const { return model_.heads * model_.head_dim / shape_.tensor_parallel; }
std::int64_t DenseOperators::key_value_width() const {
    return model_.kv_heads * model_.head_dim / shape_.tensor_parallel;
}

DenseOperators::Extent DenseOperators::extent(Linear which) const {
    const std::int64_t inner = model_.ffn / shape_.tensor_parallel;
    switch (which) {
        case Linear::attention_qkv:
            return {query_width() + 2 * key_value_width(), model_.hidden};
        case Linear::attention_output:
            return {model_.hidden, query_width()};
        case Linear::mlp_up:
            return {model_.activation == Activation::silu_gated ? 2 * inner : inner, model_.hidden};
        case Linear::mlp_down:
            return {model_.hidden, inner};
        case Linear::lm_head:
            break;
    }
    return {padded_vocabulary(model_.vocab, shape_.tensor_parallel) / shape_.tensor_parallel, model_.hidden};
}

// A rank finds 1 / tp of the rows in its part of the table and writes a row for every token, to be summed over the ranks.
Kernel DenseOperators::embedding() const {
    return embedding_kernel(shape_.type, shape_.tokens(), model_.hidden, shape_.tensor_parallel, "embedding");
}

// Adds the rows that belong to this rank to the accumulated gradient.
Kernel DenseOperators::embedding_grad() const {
    const std::int64_t elements = shape_.tokens() * model_.hidden / shape_.tensor_parallel;
    Kernel kernel = vector_kernel(shape_.type, 1, elements, {1.0, 1, 0, 0.0}, "embedding_grad");
    kernel.read += Bytes{elements * shape_.gradient_bytes};
    kernel.written = Bytes{elements * shape_.gradient_bytes};
    return kernel;
}

Kernel DenseOperators::norm(Norm which) const {
    return norm_kernel(shape_.type, norm_kind(model_), shape_.region_tokens(), model_.hidden,
                       kNormLabels[static_cast<std::size_t>(which)]);
}

Kernel DenseOperators::norm_grad(Norm which) const {
    const double flop = norm_kind(model_) == NormKind::rms ? 8.0 : 14.0;
    return row_kernel(shape_.type, shape_.region_tokens(), model_.hidden, {flop, 2, 1, 0.0},
                      kNormGradLabels[static_cast<std::size_t>(which)]);
}

Kernel DenseOperators::residual() const {
    return residual_kernel(shape_.type, shape_.region_tokens(), model_.hidden, "residual");
}

Kernel DenseOperators::residual_grad() const {
    return residual_kernel(shape_.type, shape_.region_tokens(), model_.hidden, "residual_grad");
}

Kernel DenseOperators::linear(Linear which) const {
    const auto [outputs, inputs] = extent(which);
    return gemm_kernel(shape_.type, {shape_.tokens(), outputs, inputs},
                       kLinearLabels[static_cast<std::size_t>(which)].forward);
}

Kernel DenseOperators::linear_dgrad(Linear which) const {
    const auto [outputs, inputs] = extent(which);
    return gemm_kernel(shape_.type, {shape_.tokens(), inputs, outputs},
                       kLinearLabels[static_cast<std::size_t>(which)].dgrad);
}

Kernel DenseOperators::linear_wgrad(Linear which) const {
    const auto [outputs, inputs] = extent(which);
    return gemm_kernel(shape_.type, {outputs, inputs, shape_.tokens(), 1, true, shape_.gradient_bytes},
                       kLinearLabels[static_cast<std::size_t>(which)].wgrad);
}

// One row a head.
Kernel DenseOperators::qk_norm() const {
    return norm_kernel(shape_.type, NormKind::rms, shape_.tokens() * query_key_heads(), model_.head_dim, "qk_norm");
}

Kernel DenseOperators::qk_norm_grad() const {
    return row_kernel(shape_.type, shape_.tokens() * query_key_heads(), model_.head_dim, {8.0, 2, 1, 0.0},
                      "qk_norm_grad");
}

Kernel DenseOperators::rope() const {
    return rope_kernel(shape_.type, shape_.tokens(), query_key_heads(), model_.head_dim, model_.partial_rotary_factor,
                       "rope");
}

Kernel DenseOperators::rope_grad() const {
    return rope_kernel(shape_.type, shape_.tokens(), query_key_heads(), model_.head_dim, model_.partial_rotary_factor,
                       "rope_grad");
}

AttentionShape DenseOperators::attention_shape() const {
    AttentionShape shape;
    shape.sequences = shape_.micro_batch;
    shape.heads = model_.heads / shape_.tensor_parallel;
    shape.kv_heads = model_.kv_heads / shape_.tensor_parallel;
    shape.queries = shape_.sequence_length;
    shape.keys = shape_.sequence_length;
    shape.head_dim = model_.head_dim;
    shape.value_dim = model_.head_dim;
    return shape;
}

std::vector<Kernel> DenseOperators::attention_core() const {
    const AttentionShape shape = attention_shape();
    if (shape_.attention == AttentionKernel::flash) {
        return {attention_kernel(shape_.type, shape, "flash_attention")};
    }
    const std::int64_t s = shape.keys;
    const std::int64_t batch = shape.sequences * shape.heads;
    return {gemm_kernel(shape_.type, {s, s, shape.head_dim, batch}, "attention_scores"),
            softmax_kernel(shape_.type, batch * s, s, "attention_softmax"),
            gemm_kernel(shape_.type, {s, shape.head_dim, s, batch}, "attention_context")};
}

std::vector<Kernel> DenseOperators::attention_core_grad() const {
    AttentionShape shape = attention_shape();
    if (shape_.attention == AttentionKernel::flash) {
        shape.backward = true;
        return {attention_kernel(shape_.type, shape, "flash_attention_grad")};
    }
    const std::int64_t s = shape.keys;
    const std::int64_t d = shape.head_dim;
    const std::int64_t batch = shape.sequences * shape.heads;
    return {gemm_kernel(shape_.type, {s, s, d, batch}, "attention_probability_grad"),  // dP = dO V^T
            gemm_kernel(shape_.type, {s, d, s, batch}, "attention_value_grad"),        // dV = P^T dO
            row_kernel(shape_.type, batch * s, s, {5.0, 2, 1, 0.0}, "attention_softmax_grad"),
            gemm_kernel(shape_.type, {s, d, s, batch}, "attention_query_grad"),  // dQ = dS K
            gemm_kernel(shape_.type, {s, d, s, batch}, "attention_key_grad")};   // dK = dS^T Q
}

Kernel DenseOperators::activation() const {
    const std::int64_t width = model_.ffn / shape_.tensor_parallel;
    return model_.activation == Activation::silu_gated
               ? activation_kernel(shape_.type, ActivationKind::swiglu, shape_.tokens(), width, "swiglu")
               : activation_kernel(shape_.type, ActivationKind::gelu, shape_.tokens(), width, "gelu");
}

Kernel DenseOperators::activation_grad() const {
    const std::int64_t width = model_.ffn / shape_.tensor_parallel;
    return model_.activation == Activation::silu_gated
               ? vector_kernel(shape_.type, shape_.tokens(), width, {10.0, 3, 2, 2.0}, "swiglu_grad")
               : vector_kernel(shape_.type, shape_.tokens(), width, {16.0, 2, 1, 2.0}, "gelu_grad");
}

// Over the logits of this rank.
Kernel DenseOperators::cross_entropy() const {
    return cross_entropy_kernel(shape_.type, shape_.tokens(), extent(Linear::lm_head).outputs, "cross_entropy");
}

Kernel DenseOperators::cross_entropy_grad() const {
    const std::int64_t outputs = extent(Linear::lm_head).outputs;
    Kernel kernel = vector_kernel(shape_.type, shape_.tokens(), outputs, {2.0, 0, 1, 0.0}, "cross_entropy_grad");
    kernel.read = Bytes{shape_.tokens() * outputs * kFp32Bytes};
    return kernel;
}

}  // namespace myriad
