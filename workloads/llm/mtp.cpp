// One module of multi-token prediction (DeepSeek-V3 report, 2.2): norms of the hidden state and of the next token's
// embedding, a projection of both to the hidden width, a layer. Embedding and head are the model's own, looked up and
// multiplied once more; their parameters are not counted again.
// Tensor parallelism: the projection is cut by columns, and its output gathered, as Megatron-core does.

#include "workloads/llm/parts.h"

#include "sim/error/error.h"

namespace myriad {
namespace {

constexpr MatrixLabels kProjection{"mtp_projection", "mtp_projection_dgrad", "mtp_projection_wgrad"};

}  // namespace

OperatorList mtp_operators(const LlmConfig& model, const OperatorShape& shape, const ExpertLoad& load) {
    const PartContext c(model, shape);
    MYRIAD_CHECK(model.mtp_layers > 0 && model.hidden % c.tensor == 0, model.name);
    const Bytes activation = c.elements(c.tokens * model.hidden);
    OperatorList list = embedding_operators(model, shape);
    list.front().name = "mtp_embedding";
    list.front().parameters = 0;
    list.front().mirrored = 0;
    const NormKind kind = norm_kind(model);
    list.push_back(norm_operator(c, {"mtp_embedding_norm", "mtp_embedding_norm_grad"}, kind, c.region, model.hidden));
    list.push_back(norm_operator(c, {"mtp_hidden_norm", "mtp_hidden_norm_grad"}, kind, c.region, model.hidden));
    append_gather(list, c, activation * 2);
    list.push_back(matrix_operator(
        c, {kProjection, {c.tokens, model.hidden / c.tensor, 2 * model.hidden}, MatrixInput::cheap, c.region, true}));
    if (c.tensor > 1) {
        // Backward every rank takes its columns of the gradient, of all tokens.
        const CollectiveCall gather{CollectiveOp::all_gather, activation};
        Operator op = exchange_operator({"mtp_gather", GroupKind::tensor, gather, {}});
        if (c.sharded()) {
            op.exchange.backward = gather;
        }
        list.push_back(op);
    }
    const OperatorList layer = layer_operators(model, layer_kind(model, model.layers - 1), shape, load);
    list.insert(list.end(), layer.begin(), layer.end());
    if (!c.training()) {
        strip_training(list);
    }
    return list;
}

}  // namespace myriad
