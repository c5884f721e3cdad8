// Operators of a dense transformer layer. T tokens, hidden h, a query heads and g key-value heads of width d, ffn f,
// tensor parallelism t; e bytes an element.
//   GEMM m x n x k       2 m n k flop; reads e (m k + k n), writes e m n
//   linear               m = T, columns: n / t, rows: k / t; dgrad and wgrad are the same count with roles exchanged;
//                        wgrad adds to the accumulated gradient, which it reads and writes
//   flash attention      forward 4 d flop a (query, key) pair and head: T (s + 1) / 2 pairs (causal), a / t heads;
//                        backward 10 d: QK^T once more, dV, dP, dQ, dK
//   unfused attention    all T s pairs; scores go through HBM
//   vector operators     flop counts are rounded operation counts an element (assumed; they matter only where a card's
//                        vector rate, not its HBM, limits); biases and dropout are fused and free
// Assumptions: kernels not listed (mask, cast, zeroing of gradients) cost nothing.

#include "workloads/llm/operators.h"

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

Kernel DenseOperators::vector_kernel(std::string_view label, std::int64_t elements, double flop, std::int64_t reads,
                                     std::int64_t writes) const {
    Kernel kernel;
    kernel.label = label;
    kernel.unit = KernelUnit::vector;
    kernel.type = shape_.type;
    kernel.work = Flop{flop * static_cast<double>(elements)};
    kernel.read = Bytes{elements * reads * shape_.element_bytes};
    kernel.written = Bytes{elements * writes * shape_.element_bytes};
    return kernel;
}

Kernel DenseOperators::gemm(std::string_view label, std::int64_t m, std::int64_t n, std::int64_t k,
                            std::int64_t batch) const {
    Kernel kernel;
    kernel.label = label;
    kernel.type = shape_.type;
    kernel.work = Flop{2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k) *
                       static_cast<double>(batch)};
    kernel.read = Bytes{batch * (m * k + k * n) * shape_.element_bytes};
    kernel.written = Bytes{batch * m * n * shape_.element_bytes};
    kernel.shape = GemmShape{m, n, k, batch};
    return kernel;
}

// A lookup: no flop. A rank finds 1 / tp of the rows in its part of the table and writes a row (perhaps of zeros, to
// be summed over the ranks) for every token.
Kernel DenseOperators::embedding() const {
    Kernel kernel = vector_kernel("embedding", shape_.tokens() * model_.hidden, 0.0, 0, 1);
    kernel.read = Bytes{shape_.tokens() * model_.hidden / shape_.tensor_parallel * shape_.element_bytes};
    return kernel;
}

// Adds the rows that belong to this rank to the accumulated gradient.
Kernel DenseOperators::embedding_grad() const {
    const std::int64_t elements = shape_.tokens() * model_.hidden / shape_.tensor_parallel;
    Kernel kernel = vector_kernel("embedding_grad", elements, 1.0, 1, 0);
    kernel.read += Bytes{elements * shape_.gradient_bytes};
    kernel.written = Bytes{elements * shape_.gradient_bytes};
    return kernel;
}

// RMS: square, sum, scale, weight. Layer norm subtracts a mean and adds a bias as well.
Kernel DenseOperators::norm(Norm which) const {
    const double flop = model_.normalisation == Normalisation::rms ? 4.0 : 7.0;
    return vector_kernel(kNormLabels[static_cast<std::size_t>(which)], shape_.region_tokens() * model_.hidden, flop, 1,
                         1);
}

Kernel DenseOperators::norm_grad(Norm which) const {
    const double flop = model_.normalisation == Normalisation::rms ? 8.0 : 14.0;
    return vector_kernel(kNormGradLabels[static_cast<std::size_t>(which)], shape_.region_tokens() * model_.hidden, flop,
                         2, 1);
}

Kernel DenseOperators::residual() const {
    return vector_kernel("residual", shape_.region_tokens() * model_.hidden, 1.0, 2, 1);
}

Kernel DenseOperators::residual_grad() const {
    return vector_kernel("residual_grad", shape_.region_tokens() * model_.hidden, 1.0, 2, 1);
}

Kernel DenseOperators::linear(Linear which) const {
    const auto [outputs, inputs] = extent(which);
    return gemm(kLinearLabels[static_cast<std::size_t>(which)].forward, shape_.tokens(), outputs, inputs);
}

Kernel DenseOperators::linear_dgrad(Linear which) const {
    const auto [outputs, inputs] = extent(which);
    return gemm(kLinearLabels[static_cast<std::size_t>(which)].dgrad, shape_.tokens(), inputs, outputs);
}

Kernel DenseOperators::linear_wgrad(Linear which) const {
    const auto [outputs, inputs] = extent(which);
    Kernel kernel = gemm(kLinearLabels[static_cast<std::size_t>(which)].wgrad, outputs, inputs, shape_.tokens());
    kernel.written = Bytes{outputs * inputs * shape_.gradient_bytes};
    kernel.read += kernel.written;
    return kernel;
}

Kernel DenseOperators::qk_norm() const {
    return vector_kernel("qk_norm", shape_.tokens() * (query_width() + key_value_width()), 4.0, 1, 1);
}

Kernel DenseOperators::qk_norm_grad() const {
    return vector_kernel("qk_norm_grad", shape_.tokens() * (query_width() + key_value_width()), 8.0, 2, 1);
}

// Two products and a sum an element of the rotated part; the rest is passed through by the same kernel.
Kernel DenseOperators::rope() const {
    return vector_kernel("rope", shape_.tokens() * (query_width() + key_value_width()),
                         3.0 * model_.partial_rotary_factor, 1, 1);
}

Kernel DenseOperators::rope_grad() const {
    return vector_kernel("rope_grad", shape_.tokens() * (query_width() + key_value_width()),
                         3.0 * model_.partial_rotary_factor, 1, 1);
}

std::vector<Kernel> DenseOperators::attention_core() const {
    const std::int64_t s = shape_.sequence_length;
    const std::int64_t heads = model_.heads / shape_.tensor_parallel;
    const std::int64_t batch = shape_.micro_batch * heads;
    if (shape_.attention == AttentionKernel::flash) {
        Kernel kernel;
        kernel.label = "flash_attention";
        kernel.type = shape_.type;
        kernel.work = Flop{4.0 * static_cast<double>(model_.head_dim) * static_cast<double>(batch) *
                           static_cast<double>(s) * static_cast<double>(s + 1) / 2.0};
        // Q, K, V in; the output and one fp32 log-sum-exp a query and head out.
        kernel.read = Bytes{shape_.tokens() * (query_width() + 2 * key_value_width()) * shape_.element_bytes};
        kernel.written = Bytes{shape_.tokens() * (query_width() * shape_.element_bytes + heads * kFp32Bytes)};
        return {kernel};
    }
    return {gemm("attention_scores", s, s, model_.head_dim, batch),
            vector_kernel("attention_softmax", batch * s * s, 5.0, 1, 1),
            gemm("attention_context", s, model_.head_dim, s, batch)};
}

std::vector<Kernel> DenseOperators::attention_core_grad() const {
    const std::int64_t s = shape_.sequence_length;
    const std::int64_t d = model_.head_dim;
    const std::int64_t heads = model_.heads / shape_.tensor_parallel;
    const std::int64_t batch = shape_.micro_batch * heads;
    if (shape_.attention == AttentionKernel::flash) {
        Kernel kernel = attention_core().front();
        kernel.label = "flash_attention_grad";
        kernel.work = kernel.work * 2.5;  // five products where forward has two
        // Q, K, V, the output, its gradient and the log-sum-exp in; dQ, dK, dV out.
        kernel.read = Bytes{shape_.tokens() *
                            ((3 * query_width() + 2 * key_value_width()) * shape_.element_bytes + heads * kFp32Bytes)};
        kernel.written = Bytes{shape_.tokens() * (query_width() + 2 * key_value_width()) * shape_.element_bytes};
        return {kernel};
    }
    return {gemm("attention_probability_grad", s, s, d, batch),  // dP = dO V^T
            gemm("attention_value_grad", s, d, s, batch),        // dV = P^T dO
            vector_kernel("attention_softmax_grad", batch * s * s, 5.0, 2, 1),
            gemm("attention_query_grad", s, d, s, batch),  // dQ = dS K
            gemm("attention_key_grad", s, d, s, batch)};   // dK = dS^T Q
}

// SwiGLU: exponential, sum, division and product for silu, one product with the other half. GeLU by tanh.
Kernel DenseOperators::activation() const {
    const std::int64_t elements = shape_.tokens() * model_.ffn / shape_.tensor_parallel;
    return model_.activation == Activation::silu_gated ? vector_kernel("swiglu", elements, 5.0, 2, 1)
                                                       : vector_kernel("gelu", elements, 8.0, 1, 1);
}

Kernel DenseOperators::activation_grad() const {
    const std::int64_t elements = shape_.tokens() * model_.ffn / shape_.tensor_parallel;
    return model_.activation == Activation::silu_gated ? vector_kernel("swiglu_grad", elements, 10.0, 3, 2)
                                                       : vector_kernel("gelu_grad", elements, 16.0, 2, 1);
}

// Maximum, difference, exponential, sum, division over the logits of this rank, which become fp32 on the way.
Kernel DenseOperators::cross_entropy() const {
    const std::int64_t elements = shape_.tokens() * extent(Linear::lm_head).outputs;
    Kernel kernel = vector_kernel("cross_entropy", elements, 5.0, 1, 0);
    kernel.written = Bytes{elements * kFp32Bytes};
    return kernel;
}

Kernel DenseOperators::cross_entropy_grad() const {
    const std::int64_t elements = shape_.tokens() * extent(Linear::lm_head).outputs;
    Kernel kernel = vector_kernel("cross_entropy_grad", elements, 2.0, 0, 1);
    kernel.read = Bytes{elements * kFp32Bytes};
    return kernel;
}

// Reads gradient, master weight and both moments; writes master weight, moments and the weight of the forward pass.
// About 12 flop a parameter: two moving averages, bias corrections, root, division, decay, update.
Kernel adam_step(std::int64_t parameters, std::int64_t weight_bytes, std::int64_t gradient_bytes) {
    Kernel kernel;
    kernel.label = "adam";
    kernel.unit = KernelUnit::vector;
    kernel.type = DataType::fp32;
    kernel.work = Flop{12.0 * static_cast<double>(parameters)};
    kernel.read = Bytes{parameters * (gradient_bytes + 3 * kFp32Bytes)};
    kernel.written = Bytes{parameters * (3 * kFp32Bytes + weight_bytes)};
    return kernel;
}

}  // namespace myriad
