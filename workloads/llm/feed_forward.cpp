// The dense feed-forward part, from its norm to its residual: up (with SwiGLU gate and up in one matrix) by columns,
// activation, down by rows.

#include "workloads/llm/parts.h"

#include "sim/error/error.h"

namespace myriad {
namespace {

constexpr MatrixLabels kUp{"mlp_up", "mlp_up_dgrad", "mlp_up_wgrad"};
constexpr MatrixLabels kDown{"mlp_down", "mlp_down_dgrad", "mlp_down_wgrad"};

}  // namespace

void append_feed_forward(OperatorList& list, const PartContext& c) {
    const LlmConfig& m = c.model;
    MYRIAD_CHECK(m.ffn > 0 && m.ffn % c.tensor == 0, m.name);
    const bool gated = m.activation == Activation::silu_gated;
    const std::int64_t inner = m.ffn / c.tensor;
    const std::int64_t up_width = gated ? 2 * inner : inner;
    const Bytes activation = c.elements(c.tokens * m.hidden);

    list.push_back(branch_norm_operator(c, {"post_attention_norm", "post_attention_norm_grad"}));
    append_gather(list, c, activation);
    Operator up = matrix_operator(c, {kUp, {c.tokens, up_width, m.hidden}, MatrixInput::cheap, c.region, true});
    up.parameters += m.linear_bias ? up_width : 0;
    list.push_back(up);
    const ActivationLabels labels =
        gated ? ActivationLabels{"swiglu", "swiglu_grad"} : ActivationLabels{"gelu", "gelu_grad"};
    list.push_back(activation_operator(c, labels, c.tokens, inner));
    Operator down = matrix_operator(c, {kDown, {c.tokens, m.hidden, inner}, MatrixInput::cheap, c.tokens, true});
    down.replicated = m.linear_bias ? m.hidden : 0;
    down.parameters += down.replicated;
    list.push_back(down);
    append_reduce(list, c, activation);
    list.push_back(residual_operator(c));
}

}  // namespace myriad
