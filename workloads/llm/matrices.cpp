// Matrices of one rank: y = x W, dx = dy W^T, dW += x^T dy, work and bytes as gemm_kernel() counts them. The accumulated
// gradient is read and written in gradient_bytes.
// In fp8 (DeepSeek-V3 report, 3.3): all three products read fp8 and write bf16, dW fp32; x is cast before the forward
// product, dy before dgrad (for wgrad at the same time), and the kept x is turned for wgrad. Casts are kernels of their
// own; weights are cast by the optimizer once a step, which costs nothing here.

#include "workloads/llm/parts.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {
namespace {

// `kernel` with the scales of an activation of `activation` elements and a weight of `weight`.
Kernel with_scales(Kernel kernel, std::int64_t activations, std::int64_t weights) {
    kernel.read += fp8_bytes(activations) - Bytes{activations} + fp8_weight_scale_bytes(weights);
    return kernel;
}

struct Products {
    Kernel forward;
    Kernel dgrad;
    Kernel wgrad;
};

Products plain_products(const PartContext& c, const MatrixSpec& spec) {
    const auto [rows, outputs, inputs, batch] = spec.extent;
    const DataType type = c.shape.type;
    return {gemm_kernel(type, {rows, outputs, inputs, batch}, spec.labels.forward),
            gemm_kernel(type, {rows, inputs, outputs, batch, spec.adds_input_grad}, spec.labels.dgrad),
            c.shape.fused_accumulation
                ? gemm_kernel(type, {outputs, inputs, rows, batch, true, c.shape.gradient_bytes}, spec.labels.wgrad)
                : gemm_kernel(type, {outputs, inputs, rows, batch}, spec.labels.wgrad)};
}

Products fp8_products(const PartContext& c, const MatrixSpec& spec) {
    const auto [rows, outputs, inputs, batch] = spec.extent;
    const DataType type = DataType::fp8;
    const std::int64_t weights = batch * outputs * inputs;
    const std::int64_t x = batch * rows * inputs;
    const std::int64_t dy = batch * rows * outputs;
    const GemmShape gradient{outputs, inputs, rows, batch, true, c.shape.gradient_bytes};
    return {with_scales(gemm_kernel(type, {rows, outputs, inputs, batch, false, c.element}, spec.labels.forward), x,
                        weights),
            with_scales(
                gemm_kernel(type, {rows, inputs, outputs, batch, spec.adds_input_grad, c.element}, spec.labels.dgrad),
                dy, weights),
            with_scales(gemm_kernel(type, gradient, spec.labels.wgrad), x + dy, 0)};
}

void keep(Operator& op, Bytes bytes, MatrixInput input, bool drops_outputs) {
    op.kept = input == MatrixInput::shared ? Bytes{0} : bytes;
    op.kept_selective = input == MatrixInput::cheap && drops_outputs ? Bytes{0} : op.kept;
}

}  // namespace

Operator matrix_operator(const PartContext& c, const MatrixSpec& spec) {
    const auto [rows, outputs, inputs, batch] = spec.extent;
    const bool low = c.fp8() && spec.low_precision;
    const Products products = low ? fp8_products(c, spec) : plain_products(c, spec);
    Operator op;
    op.name = spec.labels.forward;
    if (low) {
        op.forward.push_back(cast_kernel(c, batch * rows, inputs));
        op.input_grad.push_back(gradient_cast_kernel(c, batch * rows, outputs));
        // What another operator keeps is in the model's type.
        const std::int64_t x = batch * rows * inputs;
        op.weight_grad.push_back(transpose_cast_kernel(
            c, batch * rows, inputs, spec.input == MatrixInput::shared ? c.elements(x) : fp8_bytes(x)));
    }
    op.forward.push_back(products.forward);
    op.input_grad.push_back(products.dgrad);
    op.weight_grad.push_back(products.wgrad);
    if (!low && !c.shape.fused_accumulation) {
        op.weight_grad.push_back(gradient_accumulation_kernel(c, batch * outputs * inputs));
    }
    op.parameters = batch * outputs * inputs;
    keep(op, kept_input_bytes(c, spec.kept_rows * batch * inputs, low), spec.input, c.drops_outputs());
    return op;
}

namespace {

std::int64_t busy_experts(const ExpertLoad& load) {
    const auto busy = std::count_if(load.rows.begin(), load.rows.end(), [](std::int64_t rows) { return rows > 0; });
    MYRIAD_CHECK(busy > 0, "rows without an expert");
    return busy;
}

// dW[e] += x[e]^T dy[e] for every expert with rows: work 2 R n k, reads e R (n + k) and the gradients that it adds to.
// The card's tile level sees experts with the mean number of rows each (rounded up).
Kernel grouped_wgrad(const PartContext& c, const GroupedSpec& spec, const ExpertLoad& load, DataType type) {
    const std::int64_t busy = busy_experts(load);
    const std::int64_t mean = (load.total + busy - 1) / busy;
    Kernel kernel =
        gemm_kernel(type, {spec.outputs, spec.inputs, mean, busy, true, c.shape.gradient_bytes}, spec.labels.wgrad);
    kernel.work = Flop{2.0 * static_cast<double>(load.total) * static_cast<double>(spec.outputs) *
                       static_cast<double>(spec.inputs)};
    kernel.read = kernel.written + size_of(type) * (load.total * (spec.outputs + spec.inputs));
    return kernel;
}

Kernel grouped(const PartContext& c, const ExpertLoad& load, std::int64_t n, std::int64_t k, std::string_view label,
               bool low) {
    if (!low) {
        return grouped_gemm_kernel(c.shape.type, {load.rows, n, k}, label);
    }
    std::int64_t busy = 0;
    for (const std::int64_t rows : load.rows) {
        busy += rows > 0 ? 1 : 0;
    }
    Kernel kernel =
        with_scales(grouped_gemm_kernel(DataType::fp8, {load.rows, n, k}, label), load.total * k, busy * n * k);
    kernel.written = c.elements(load.total * n);
    return kernel;
}

}  // namespace

Operator grouped_operator(const PartContext& c, const GroupedSpec& spec, const ExpertLoad& load) {
    Operator op;
    op.name = spec.labels.forward;
    op.parameters = spec.experts * spec.outputs * spec.inputs;
    op.expert_parameters = true;
    if (load.total == 0) {
        return op;
    }
    const bool low = c.fp8();
    if (low) {
        if (!spec.input_is_fp8) {
            op.forward.push_back(cast_kernel(c, load.total, spec.inputs));
        }
        op.input_grad.push_back(gradient_cast_kernel(c, load.total, spec.outputs));
        op.weight_grad.push_back(
            transpose_cast_kernel(c, load.total, spec.inputs, fp8_bytes(load.total * spec.inputs)));
    }
    op.forward.push_back(grouped(c, load, spec.outputs, spec.inputs, spec.labels.forward, low));
    op.input_grad.push_back(grouped(c, load, spec.inputs, spec.outputs, spec.labels.dgrad, low));
    Kernel wgrad = grouped_wgrad(c, spec, load, low ? DataType::fp8 : c.shape.type);
    op.weight_grad.push_back(low ? with_scales(wgrad, load.total * (spec.inputs + spec.outputs), 0) : wgrad);
    keep(op, kept_input_bytes(c, load.total * spec.inputs, low), spec.input, c.drops_outputs());
    return op;
}

}  // namespace myriad
