// Attention with grouped queries, from its norm to its residual: a query heads and g key-value heads of width d. A rank
// has a / tp and max(1, g / tp) of them: where tp > g, tp / g ranks hold the same key-value head.
// Gated (Qwen3-Next): the projection yields a gate as wide as the queries; attention's output times its sigmoid.

#include "workloads/llm/parts.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {
namespace {

constexpr std::int64_t kPageTokens = 16;  // of a paged cache, as vLLM's default
constexpr MatrixLabels kQkv{"attention_qkv", "attention_qkv_dgrad", "attention_qkv_wgrad"};
constexpr MatrixLabels kOutput{"attention_output", "attention_output_dgrad", "attention_output_wgrad"};

Operator qk_norm(const PartContext& c, std::int64_t heads) {
    Operator op = norm_operator(c, {"qk_norm", "qk_norm_grad"}, NormKind::rms, c.tokens * heads, c.model.head_dim);
    op.recomputed_selective = false;       // queries and keys are kept
    op.parameters = 2 * c.model.head_dim;  // one for all query heads, one for all key heads
    op.replicated = op.parameters;
    return op;
}

Operator rope(const PartContext& c, std::int64_t heads) {
    const double rotated = c.model.partial_rotary_factor;
    Operator op;
    op.name = "rope";
    op.forward.push_back(rope_kernel(c.shape.type, c.tokens, heads, c.model.head_dim, rotated, "rope"));
    op.input_grad.push_back(rope_kernel(c.shape.type, c.tokens, heads, c.model.head_dim, rotated, "rope_grad"));
    return op;
}

// Output times the sigmoid of the gate: exponential, sum, division, product. Backward: gradients of both.
Operator gate(const PartContext& c, std::int64_t width) {
    Operator op;
    op.name = "attention_gate";
    op.forward.push_back(vector_kernel(c.shape.type, c.tokens, width, {4.0, 2, 1, 2.0}, "attention_gate"));
    op.input_grad.push_back(vector_kernel(c.shape.type, c.tokens, width, {8.0, 3, 2, 2.0}, "attention_gate_grad"));
    op.kept = c.elements(c.tokens * width);
    op.kept_selective = op.kept;
    op.recomputed_selective = c.drops_outputs();
    return op;
}

}  // namespace

void append_attention(OperatorList& list, const PartContext& c) {
    const LlmConfig& m = c.model;
    MYRIAD_CHECK(m.heads % c.tensor == 0 && (m.kv_heads % c.tensor == 0 || c.tensor % m.kv_heads == 0), m.name);
    const std::int64_t heads = m.heads / c.tensor;
    const std::int64_t kv_heads = std::max<std::int64_t>(1, m.kv_heads / c.tensor);
    const std::int64_t query = heads * m.head_dim;
    const std::int64_t key = kv_heads * m.head_dim;
    const Bytes activation = c.elements(c.tokens * m.hidden);

    list.push_back(branch_norm_operator(c, {"input_norm", "input_norm_grad"}));
    append_gather(list, c, activation);
    const std::int64_t gated = m.attention_output_gate ? query : 0;
    Operator qkv =
        matrix_operator(c, {kQkv, {c.tokens, query + gated + 2 * key, m.hidden}, MatrixInput::cheap, c.region, true});
    if (m.qkv_bias || m.linear_bias) {
        qkv.parameters += query + 2 * key;
        add_eager_bias(qkv, c, c.tokens, query + 2 * key);
    }
    list.push_back(qkv);
    if (m.qk_norm) {
        list.push_back(qk_norm(c, heads + kv_heads));
    }
    if (!m.learned_positions) {
        list.push_back(rope(c, heads + kv_heads));
    }
    append_attention_core(list, c, {heads, kv_heads, m.head_dim, m.head_dim, Bytes{0}, 2 * key, kPageTokens});
    if (m.attention_output_gate) {
        list.push_back(gate(c, query));
    }
    // Its input is the output that attention keeps, or that times the gate.
    Operator output = matrix_operator(c, {kOutput,
                                          {c.tokens, m.hidden, query},
                                          m.attention_output_gate ? MatrixInput::cheap : MatrixInput::shared,
                                          c.tokens,
                                          true});
    output.replicated = m.linear_bias ? m.hidden : 0;
    output.parameters += output.replicated;
    list.push_back(output);
    append_reduce(list, c, activation);
    list.push_back(residual_operator(c));
}

}  // namespace myriad
