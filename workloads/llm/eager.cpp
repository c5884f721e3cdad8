// Kernels beside matrices that PyTorch runs one by one where nobody has fused them: as Megatron-LM of 2021 and 2022 has
// it, whose fused ones are LayerNorm, bias with GeLU, bias with dropout and residual, and the causal softmax. A mask of
// dropout is a byte an element. `launches` also counts the small kernels that add the gradient of a norm's or a bias's
// parameters to what earlier micro-batches have left.

#include "workloads/llm/parts.h"

namespace myriad {
namespace {

constexpr std::int64_t kFp32Bytes = 4;

Kernel with_launches(Kernel kernel, std::int32_t launches) {
    kernel.launches = launches;
    return kernel;
}

}  // namespace

void add_eager_bias(Operator& op, const PartContext& c, std::int64_t rows, std::int64_t width) {
    if (c.eager()) {
        op.forward.push_back(vector_kernel(c.shape.type, rows, width, {1.0, 1, 1, 0.0}, "bias_add"));
        add_eager_bias_grad(op, c, rows, width);
    }
}

void add_eager_bias_grad(Operator& op, const PartContext& c, std::int64_t rows, std::int64_t width) {
    if (c.eager()) {
        op.weight_grad.push_back(
            with_launches(vector_kernel(c.shape.type, rows, width, {1.0, 1, 0, 0.0}, "bias_grad"), 2));
    }
}

Kernel dropout_kernel(const PartContext& c, std::int64_t rows, std::int64_t width, std::string_view label) {
    Kernel kernel = vector_kernel(c.shape.type, rows, width, {2.0, 1, 1, 0.0}, label);
    kernel.written += Bytes{rows * width};
    return kernel;
}

Kernel dropout_grad_kernel(const PartContext& c, std::int64_t rows, std::int64_t width, std::string_view label) {
    Kernel kernel = vector_kernel(c.shape.type, rows, width, {2.0, 1, 1, 0.0}, label);
    kernel.read += Bytes{rows * width};
    return kernel;
}

Kernel norm_weight_grad_kernel(const PartContext& c, std::int64_t rows, std::int64_t width) {
    // Partial sums, their sum, and two additions to what is there.
    return with_launches(vector_kernel(c.shape.type, rows, width, {4.0, 2, 0, 0.0}, "norm_weight_grad"), 4);
}

Kernel gradient_accumulation_kernel(const PartContext& c, std::int64_t parameters) {
    Kernel kernel = vector_kernel(c.shape.type, 1, parameters, {1.0, 1, 0, 0.0}, "gradient_accumulation");
    kernel.read += Bytes{parameters * c.shape.gradient_bytes};
    kernel.written = Bytes{parameters * c.shape.gradient_bytes};
    return kernel;
}

// Over logits in fp32: copy from the model's type, maximum, difference, exponential, sum, quotient. Backward: what the
// loss's gradient scales, and the copy back.
void add_eager_loss(Operator& op, const PartContext& c, std::int64_t rows, std::int64_t outputs) {
    const auto fp32 = [&](double flop, std::int64_t reads, std::int64_t writes, double special, const char* label) {
        return vector_kernel(DataType::fp32, rows, outputs, {flop, reads, writes, special}, label);
    };
    const Bytes narrow = c.elements(rows * outputs);
    Kernel widen = fp32(0.0, 0, 1, 0.0, "logits_to_fp32");
    widen.read = narrow;
    Kernel shorten = fp32(0.0, 1, 0, 0.0, "logits_grad_to_half");
    shorten.written = narrow;
    op.forward = {widen,
                  row_kernel(DataType::fp32, rows, outputs, {1.0, 1, 0, 0.0}, "logits_max"),
                  fp32(1.0, 1, 1, 0.0, "logits_minus_max"),
                  fp32(1.0, 1, 1, 1.0, "logits_exp"),
                  row_kernel(DataType::fp32, rows, outputs, {1.0, 1, 0, 0.0}, "logits_sum"),
                  fp32(1.0, 1, 1, 0.0, "logits_over_sum")};
    op.input_grad = {fp32(1.0, 1, 1, 0.0, "logits_grad"), shorten};
}

// Of the embedding: rows of positions are looked up and added, dropout; backward both gradients are dense tables,
// zeroed and then added to what is there.
void add_eager_embedding(Operator& op, const PartContext& c, std::int64_t table) {
    const DataType type = c.shape.type;
    const std::int64_t hidden = c.model.hidden;
    if (c.model.learned_positions) {
        op.forward.push_back(vector_kernel(type, c.tokens, hidden, {0.0, 1, 1, 0.0}, "position_lookup"));
        op.forward.push_back(residual_kernel(type, c.tokens, hidden, "position_add"));
    }
    if (c.shape.dropout) {
        op.forward.push_back(dropout_kernel(c, c.region, hidden, "embedding_dropout"));
        op.weight_grad.insert(op.weight_grad.begin(),
                              dropout_grad_kernel(c, c.region, hidden, "embedding_dropout_grad"));
    }
    Kernel dense = gradient_accumulation_kernel(c, table);
    dense.label = "embedding_table_grad";
    dense.written += c.elements(table);
    op.weight_grad.push_back(dense);
}

}  // namespace myriad
