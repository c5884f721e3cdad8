// Lists of a pass. The operators come from workloads/llm; what changes here is a cache in another type than activations:
// attention reads it, and the write of new keys and values writes it, in one byte an element. Casting them costs nothing
// (assumed: it is done on the way to the matrix units).
//
// Fused, a small kernel runs in the one beside it, as serving engines have it, and is not launched: the addition of a
// residual in the norm after it, rotation in the norm of queries and keys before it, the cache write in these, casts to
// fp8 in what made their input. Their bytes stay as counted, although some would not go through HBM.

#include "workloads/inference/program.h"

#include <algorithm>

namespace myriad {
namespace {

// Elements of keys and values that an attention kernel reads.
std::int64_t cached_elements(const AttentionShape& shape) {
    return shape.sequences * shape.keys * shape.kv_heads *
           (shape.head_dim + (shape.shared_key_value ? 0 : shape.value_dim));
}

Bytes weights_of(const Kernel& kernel) {
    const std::int64_t element = size_of(kernel.type).count();
    if (const auto* gemm = std::get_if<GemmShape>(&kernel.shape)) {
        return Bytes{gemm->batch * gemm->n * gemm->k * element};
    }
    if (const auto* grouped = std::get_if<GroupedGemmShape>(&kernel.shape)) {
        const auto hit = std::count_if(grouped->rows.begin(), grouped->rows.end(), [](auto rows) { return rows > 0; });
        return Bytes{hit * grouped->n * grouped->k * element};
    }
    return Bytes{0};
}

bool is_fused(std::string_view label, std::string_view before) {
    return label == "residual" || label == "kv_cache_write" || label == "fp8_cast" ||
           (label == "rope" && before == "qk_norm");
}

class PassMaker {
public:
    PassMaker(const LlmConfig& model, const InferencePlan& plan, const ExpertLoads& loads)
        : model_(model), plan_(plan), shape_(plan.shape()), loads_(loads) {}

    InferencePrograms make() {
        add(embedding_operators(model_, shape_));
        add(head_operators(model_, shape_));
        for (std::int64_t layer = 0; layer < model_.layers; ++layer) {
            const LayerKind kind = layer_kind(model_, layer);
            const auto known = std::find(made_.kinds.begin(), made_.kinds.end(), kind);
            made_.kind_of.push_back(static_cast<std::uint8_t>(known - made_.kinds.begin()));
            if (known == made_.kinds.end()) {
                made_.kinds.push_back(kind);
            }
        }
        made_.loads = loads_.size();
        for (const LayerKind& kind : made_.kinds) {
            for (std::size_t load = 0; load < static_cast<std::size_t>(loads_.size()); ++load) {
                add(kind.experts || load == 0 ? layer_operators(model_, kind, shape_, loads_[load]) : OperatorList{});
            }
        }
        return std::move(made_);
    }

private:
    void add(OperatorList operators) {
        PassPart part;
        Bytes before{0};
        std::string_view label_before;
        for (Operator& op : operators) {
            for (Kernel& kernel : op.forward) {
                count(op, kernel, part);
                if (plan_.cache == CacheType::fp8) {
                    narrow_cache(kernel);
                }
                if (plan_.fuse_small_kernels && is_fused(kernel.label, label_before)) {
                    kernel.launches = 0;
                }
                label_before = kernel.label;
                if (kernel.label != "kv_cache_write") {
                    part.working = std::max(part.working, before + kernel.written);
                    before = kernel.written;
                }
            }
            if (op.exchange.forward) {
                part.working = std::max(part.working, before + op.exchange.forward->size);
            }
            part.parameters += held(op);
        }
        part.list = ListBuilder(made_.labels, {}).forward(operators);
        made_.parts.push_back(std::move(part));
    }

    // Biases, router and gate in fp8 too, where they belong to an operator whose matrix is: a rounding.
    [[nodiscard]] Bytes held(const Operator& op) const {
        const bool low = plan_.weights == WeightType::fp8 &&
                         (op.expert_parameters || std::any_of(op.forward.begin(), op.forward.end(),
                                                              [](const auto& k) { return k.type == DataType::fp8; }));
        return (low ? Bytes{1} : size_of(plan_.type)) * op.parameters;
    }

    void count(const Operator& op, const Kernel& kernel, PassPart& part) const {
        if (op.parameters > 0) {
            part.bytes.weights += weights_of(kernel);
        }
        if (const auto* grouped = std::get_if<GroupedGemmShape>(&kernel.shape)) {
            part.experts_hit =
                std::count_if(grouped->rows.begin(), grouped->rows.end(), [](auto rows) { return rows > 0; });
        }
        const auto* attention = std::get_if<AttentionShape>(&kernel.shape);
        if (attention != nullptr && plan_.phase == InferencePhase::decode) {
            part.bytes.cache += plan_.cache_element() * cached_elements(*attention);
        }
        if (kernel.label == "delta_step") {
            const auto& state = std::get<VectorShape>(kernel.shape);
            part.bytes.cache += size_of(plan_.type) * (2 * state.rows * state.width);  // read and written
        }
    }

    void narrow_cache(Kernel& kernel) const {
        const Bytes saved = size_of(plan_.type) - plan_.cache_element();
        const auto* attention = std::get_if<AttentionShape>(&kernel.shape);
        if (attention != nullptr && plan_.phase == InferencePhase::decode) {
            kernel.read -= saved * cached_elements(*attention);
        } else if (attention != nullptr && !model_.has_latent_attention()) {
            AttentionShape cached = *attention;
            cached.keys = plan_.context;
            kernel.read -= saved * cached_elements(cached);
        } else if (kernel.label == "kv_cache_write") {
            kernel.written -= kernel.written / size_of(plan_.type).count() * saved.count();
        }
    }

    const LlmConfig& model_;
    const InferencePlan& plan_;
    OperatorShape shape_;
    const ExpertLoads& loads_;
    InferencePrograms made_;
};

}  // namespace

InferencePrograms make_programs(const LlmConfig& model, const InferencePlan& plan, const ExpertLoads& loads) {
    return PassMaker(model, plan, loads).make();
}

Bytes activation_message(const LlmConfig& model, const InferencePlan& plan) {
    return layer_input_bytes(model, plan.shape());
}

Bytes token_message(const InferencePlan& plan) {
    constexpr std::int64_t kTokenBytes = 4;
    return Bytes{plan.sequences_of_pass() * kTokenBytes};
}

Flop model_flop(const LlmConfig& model, const InferencePlan& plan) {
    const auto sequences = static_cast<double>(plan.batch);
    const auto tokens = static_cast<double>(plan.new_tokens());
    const double pairs = tokens * static_cast<double>(plan.context) + tokens * (tokens + 1.0) / 2.0;
    const LatentAttentionConfig& latent = model.latent;
    const std::int64_t widths = model.has_latent_attention()
                                    ? latent.qk_nope_head_dim + latent.qk_rope_head_dim + latent.v_head_dim
                                    : 2 * model.head_dim;
    const auto head = static_cast<double>(model.vocab * model.hidden);
    const double matrices = 2.0 * (static_cast<double>(matrix_parameters(model)) - head) * tokens + 2.0 * head;
    const double attention = 2.0 * static_cast<double>(full_attention_layers(model) * model.heads * widths) * pairs;
    const LinearAttentionConfig& a = model.linear;
    const double recurrence =
        7.0 * tokens *
        static_cast<double>(linear_attention_layers(model) * a.value_heads * a.key_head_dim * a.value_head_dim);
    return Flop{sequences * (matrices + attention + recurrence)};
}

}  // namespace myriad
