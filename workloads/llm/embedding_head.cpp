// The table at the begin of the model and the matrix at its end, both divided by vocabulary. A rank finds 1 / tp of the
// rows in its part of the table and writes a row for every token, summed over the ranks afterwards. The loss over a
// divided vocabulary takes three all-reduces of one fp32 a token: maximum, sum, target's logit.

#include "workloads/llm/parts.h"

namespace myriad {
namespace {

constexpr std::int64_t kFp32Bytes = 4;
constexpr std::int64_t kVocabularyMultiple = 128;
constexpr MatrixLabels kHead{"lm_head", "lm_head_dgrad", "lm_head_wgrad"};

std::int64_t vocabulary_of_rank(const PartContext& c) { return padded_vocabulary(c.model.vocab, c.tensor) / c.tensor; }

// Adds the rows that belong to this rank to the accumulated gradient.
Kernel embedding_grad(const PartContext& c) {
    const std::int64_t elements = c.tokens * c.model.hidden / c.tensor;
    Kernel kernel = vector_kernel(c.shape.type, 1, elements, {1.0, 1, 0, 0.0}, "embedding_grad");
    kernel.read += Bytes{elements * c.shape.gradient_bytes};
    kernel.written = Bytes{elements * c.shape.gradient_bytes};
    return kernel;
}

// From fp32 probabilities to gradients of the logits.
Kernel cross_entropy_grad(const PartContext& c, std::int64_t outputs) {
    Kernel kernel = vector_kernel(c.shape.type, c.tokens, outputs, {2.0, 0, 1, 0.0}, "cross_entropy_grad");
    kernel.read = Bytes{c.tokens * outputs * kFp32Bytes};
    return kernel;
}

void append_loss(OperatorList& list, const PartContext& c) {
    const std::int64_t outputs = vocabulary_of_rank(c);
    Operator loss;
    loss.name = "cross_entropy";
    loss.forward.push_back(cross_entropy_kernel(c.shape.type, c.tokens, outputs, "cross_entropy"));
    loss.input_grad.push_back(cross_entropy_grad(c, outputs));
    if (c.eager()) {
        add_eager_loss(loss, c, c.tokens, outputs);
    }
    loss.kept = Bytes{c.tokens * outputs * kFp32Bytes};
    loss.kept_selective = loss.kept;
    list.push_back(loss);
    const CollectiveCall sum{CollectiveOp::all_reduce, Bytes{c.tokens * kFp32Bytes}};
    for (int i = 0; i < 3 && c.tensor > 1; ++i) {
        list.push_back(exchange_operator({"loss_reduce", GroupKind::tensor, sum, {}}));
    }
}

// Logits of `rows` tokens, whole on every rank, and their softmax.
void append_sampling(OperatorList& list, const PartContext& c, std::int64_t rows) {
    const std::int64_t outputs = vocabulary_of_rank(c);
    if (c.tensor > 1) {
        const CollectiveCall gather{CollectiveOp::all_gather, c.elements(rows * outputs * c.tensor)};
        list.push_back(exchange_operator({"logits_gather", GroupKind::tensor, gather, {}}));
    }
    Operator sampling;
    sampling.name = "sampling";
    sampling.forward.push_back(softmax_kernel(c.shape.type, rows, outputs * c.tensor, "sampling"));
    list.push_back(sampling);
}

}  // namespace

std::int64_t padded_vocabulary(std::int64_t vocab, std::int64_t tensor_parallel) {
    const std::int64_t multiple = kVocabularyMultiple * tensor_parallel;
    return (vocab + multiple - 1) / multiple * multiple;
}

OperatorList embedding_operators(const LlmConfig& model, const OperatorShape& shape) {
    const PartContext c(model, shape);
    OperatorList list;
    Operator op;
    op.name = "embedding";
    op.forward.push_back(embedding_kernel(shape.type, c.tokens, model.hidden, c.tensor, "embedding"));
    op.weight_grad.push_back(embedding_grad(c));
    if (c.eager()) {
        add_eager_embedding(op, c, vocabulary_of_rank(c) * model.hidden);
    }
    op.parameters = vocabulary_of_rank(c) * model.hidden;
    if (model.learned_positions) {
        op.mirrored = model.max_position * model.hidden;
        op.parameters += op.mirrored;
    }
    op.kept = Bytes{shape.dropout ? c.region * model.hidden : 0};
    op.kept_selective = op.kept;
    list.push_back(op);
    append_reduce(list, c, c.elements(c.tokens * model.hidden));
    if (!c.training()) {
        strip_training(list);
    }
    return list;
}

OperatorList head_operators(const LlmConfig& model, const OperatorShape& shape) {
    const PartContext c(model, shape);
    // Inference: the last token of a sequence, decode: every token that it was given.
    const std::int64_t last = shape.phase == ModelPhase::decode ? c.tokens : shape.micro_batch;
    const std::int64_t rows = c.training() ? c.tokens : last;
    const std::int64_t region = c.training() ? c.region : last;
    OperatorList list;
    Operator norm = norm_operator(c, {"final_norm", "final_norm_grad"}, norm_kind(model), region, model.hidden);
    norm.recomputed_selective = false;
    list.push_back(norm);
    if (c.training()) {
        append_gather(list, c, c.elements(c.tokens * model.hidden));
    } else if (c.sharded()) {
        // Last tokens are with whichever rank has the end of their sequence.
        const CollectiveCall gather{CollectiveOp::all_gather, c.elements(rows * model.hidden)};
        list.push_back(exchange_operator({"last_token_gather", GroupKind::tensor, gather, {}}));
    }
    list.push_back(
        matrix_operator(c, {kHead, {rows, vocabulary_of_rank(c), model.hidden}, MatrixInput::costly, region, false}));
    if (c.training()) {
        append_loss(list, c);
    } else {
        append_sampling(list, c, rows);
        strip_training(list);
    }
    return list;
}

}  // namespace myriad
