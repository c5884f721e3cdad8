// What all parts of a layer start from. Extents that a plan must have checked are held to here.

#include "workloads/llm/parts.h"

#include "sim/error/error.h"

#include <fmt/core.h>

namespace myriad {

PartContext::PartContext(const LlmConfig& of_model, const OperatorShape& of_shape)
    : model(of_model),
      shape(of_shape),
      element(size_of(of_shape.type).count()),
      tensor(of_shape.tensor_parallel),
      tokens(of_shape.tokens()),
      region(of_shape.region_tokens()) {
    MYRIAD_CHECK(tensor > 0 && shape.context_parallel > 0 && tokens > 0, model.name);
    MYRIAD_CHECK(shape.sequence_length % shape.context_parallel == 0,
                 fmt::format("{} tokens, context parallelism {}", shape.sequence_length, shape.context_parallel));
    MYRIAD_CHECK(!sharded() || tokens % tensor == 0, fmt::format("{} tokens, tensor parallelism {}", tokens, tensor));
    MYRIAD_CHECK(shape.phase != ModelPhase::decode || shape.context_parallel == 1, "decode has no context parallelism");
    MYRIAD_CHECK(shape.attention == AttentionKernel::flash || (shape.context_parallel == 1 && training()),
                 "unfused attention is for training without context parallelism");
}

void strip_training(OperatorList& list) {
    for (Operator& op : list) {
        op.input_grad.clear();
        op.weight_grad.clear();
        op.kept = Bytes{0};
        op.kept_selective = Bytes{0};
        op.recomputed_selective = false;
        op.exchange.backward.reset();
        op.exchange.regathered = false;
    }
    std::erase_if(list, [](const Operator& op) {
        return op.exchange.group != GroupKind::none && !op.exchange.forward.has_value();
    });
}

}  // namespace myriad
