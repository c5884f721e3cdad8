// A layer: one of three kinds of attention, then a dense or an expert feed-forward part.

#include "workloads/llm/layers.h"

#include "workloads/llm/parts.h"

#include "sim/error/error.h"

#include <fmt/core.h>

namespace myriad {

LayerKind layer_kind(const LlmConfig& model, std::int64_t layer) {
    MYRIAD_CHECK(layer >= 0 && layer < model.layers, fmt::format("{}: layer {}", model.name, layer));
    LayerKind kind;
    kind.experts = model.has_experts() && layer >= model.experts.dense_layers;
    kind.linear_attention = model.has_linear_attention() && (layer + 1) % model.linear.full_attention_interval != 0;
    return kind;
}

OperatorList layer_operators(const LlmConfig& model, const LayerKind& kind, const OperatorShape& shape,
                             const ExpertLoad& load) {
    const PartContext c(model, shape);
    OperatorList list;
    if (kind.linear_attention) {
        append_linear_attention(list, c);
    } else if (model.has_latent_attention()) {
        append_latent_attention(list, c);
    } else {
        append_attention(list, c);
    }
    if (kind.experts) {
        append_experts(list, c, load);
    } else {
        append_feed_forward(list, c);
    }
    if (!c.training()) {
        strip_training(list);
    }
    return list;
}

Bytes layer_input_bytes(const LlmConfig& model, const OperatorShape& shape) {
    const PartContext c(model, shape);
    return c.elements(c.region * model.hidden);
}

}  // namespace myriad
