// Norms, residuals and activations. A gradient counts twice the operations of its forward where it is not told
// otherwise; biases and dropout are fused and free.

#include "workloads/llm/parts.h"

namespace myriad {

NormKind norm_kind(const LlmConfig& model) {
    return model.normalisation == Normalisation::rms ? NormKind::rms : NormKind::layer;
}

Operator norm_operator(const PartContext& c, const NormLabels& labels, NormKind kind, std::int64_t rows,
                       std::int64_t width) {
    const double flop = kind == NormKind::rms ? 8.0 : 14.0;
    Operator op;
    op.name = labels.forward;
    op.forward.push_back(norm_kernel(c.shape.type, kind, rows, width, labels.forward));
    // Reads input and the gradient of the output. Weights' gradients are small and come with it.
    op.input_grad.push_back(row_kernel(c.shape.type, rows, width, {flop, 2, 1, 0.0}, labels.backward));
    if (c.eager()) {
        op.weight_grad.push_back(norm_weight_grad_kernel(c, rows, width));
    }
    op.kept = c.elements(rows * width);
    op.kept_selective = op.kept;
    op.recomputed_selective = c.drops_outputs();
    op.parameters = kind == NormKind::layer ? 2 * width : width;
    op.replicated = op.parameters;
    return op;
}

Operator branch_norm_operator(const PartContext& c, const NormLabels& labels) {
    Operator op = norm_operator(c, labels, norm_kind(c.model), c.region, c.model.hidden);
    op.input_grad.push_back(residual_kernel(c.shape.type, c.region, c.model.hidden, "residual_grad"));
    return op;
}

// y = x + branch. Its gradient is the same on both ways: they are added where the branch begins.
Operator residual_operator(const PartContext& c) {
    Operator op;
    op.name = "residual";
    op.forward.push_back(residual_kernel(c.shape.type, c.region, c.model.hidden, "residual"));
    if (c.eager() && c.shape.dropout) {
        op.forward.back().written += Bytes{c.region * c.model.hidden};
        op.input_grad.push_back(dropout_grad_kernel(c, c.region, c.model.hidden, "residual_dropout_grad"));
    }
    if (c.model.linear_bias) {
        add_eager_bias_grad(op, c, c.region, c.model.hidden);
    }
    op.kept = Bytes{c.shape.dropout ? c.region * c.model.hidden : 0};  // the mask, a byte an element
    op.kept_selective = op.kept;
    return op;
}

Operator activation_operator(const PartContext& c, const ActivationLabels& labels, std::int64_t rows,
                             std::int64_t width) {
    const bool gated = c.model.activation == Activation::silu_gated;
    const DataType type = c.shape.type;
    Operator op;
    op.name = labels.forward;
    op.forward.push_back(
        activation_kernel(type, gated ? ActivationKind::swiglu : ActivationKind::gelu, rows, width, labels.forward));
    op.input_grad.push_back(gated ? vector_kernel(type, rows, width, {10.0, 3, 2, 2.0}, labels.backward)
                                  : vector_kernel(type, rows, width, {16.0, 2, 1, 2.0}, labels.backward));
    if (c.model.linear_bias) {
        add_eager_bias_grad(op, c, rows, width);
    }
    op.kept = c.elements((gated ? 2 : 1) * rows * width);
    op.kept_selective = op.kept;
    op.recomputed_selective = c.drops_outputs();
    return op;
}

}  // namespace myriad
