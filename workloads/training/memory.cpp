// Memory of a card, by stage. Per token and layer, e bytes an element, h hidden, a query heads and g key-value heads
// of width d, ffn f, t = tensor parallelism:
//   kept on every tensor-parallel rank, divided by t only under sequence parallelism:
//       inputs of both norms 2 e h, outputs of both norms (inputs of QKV and up) 2 e h, two dropout masks 2 h
//   always divided by t:
//       Q e a d, K and V 2 e g d, attention output e a d, qk-norm inputs e (a + g) d
//       flash: log-sum-exp 4 a;  unfused: softmax output e a s, with dropout its mask a s and output e a s more
//       SwiGLU: gate and up 2 e f, product e f;  GeLU: input e f, output e f
// which for GPT (d a = h, g = a, f = 4 h, e = 2, dropout) is Korthikanti's s b h (10 + 24 / t + 5 a s / (h t)).
// Selective recompute drops the scores (unfused), or norm outputs and activation output (flash); full keeps e h.
// Assumptions: no fragmentation, no workspace of libraries, collectives work in place.

#include "workloads/training/memory.h"

#include "sim/error/error.h"

#include <fmt/core.h>

#include <algorithm>

namespace myriad {
namespace {

constexpr std::int64_t kFp32Bytes = 4;
constexpr std::int64_t kOptimizerBytes = 3 * kFp32Bytes;

std::int64_t layers_of_stage(const LlmConfig& model, const ParallelPlan& plan) {
    return model.layers / plan.pipeline_parallel;
}

// Everything a layer keeps when nothing is recomputed, or with the parts that `recompute` drops taken out.
Bytes kept(const LlmConfig& model, const ParallelPlan& plan, Recompute recompute) {
    const std::int64_t e = plan.weight_bytes;
    const std::int64_t t = plan.tensor_parallel;
    const std::int64_t tokens = plan.micro_batch * plan.sequence_length;
    const std::int64_t region = plan.sharded_sequence() ? tokens / t : tokens;
    if (recompute == Recompute::full) {
        return Bytes{region * e * model.hidden};
    }
    const bool flash = plan.attention == AttentionKernel::flash;
    const bool cheap_dropped = recompute == Recompute::selective && flash;
    const bool scores_dropped = recompute == Recompute::selective && !flash;
    const std::int64_t query = model.heads * model.head_dim / t;
    const std::int64_t key = model.kv_heads * model.head_dim / t;
    const std::int64_t inner = model.ffn / t;
    const std::int64_t heads = model.heads / t;

    const std::int64_t norms = (cheap_dropped ? 2 : 4) * e * model.hidden + (plan.dropout ? 2 * model.hidden : 0);
    std::int64_t sharded = 2 * e * query + 2 * e * key + (model.qk_norm ? e * (query + key) : 0);
    if (flash) {
        sharded += kFp32Bytes * heads;
    } else if (!scores_dropped) {
        sharded += heads * plan.sequence_length * (plan.dropout ? 2 * e + 1 : e);
    }
    sharded += (model.activation == Activation::silu_gated ? 2 : 1) * e * inner + (cheap_dropped ? 0 : e * inner);
    return Bytes{region * norms + tokens * sharded};
}

Bytes embedding_and_head_activations(const LlmConfig& model, const ParallelPlan& plan, std::int64_t stage) {
    const std::int64_t tokens = plan.micro_batch * plan.sequence_length;
    const std::int64_t region = plan.sharded_sequence() ? tokens / plan.tensor_parallel : tokens;
    Bytes bytes{0};
    if (stage == 0 && plan.dropout) {
        bytes += Bytes{region * model.hidden * micro_batches_in_flight(plan, stage)};
    }
    if (stage == plan.pipeline_parallel - 1) {
        bytes += Bytes{2 * plan.weight_bytes * region * model.hidden};  // input and output of the final norm
    }
    return bytes;
}

// Logits: in the model's type, then fp32 for the loss, then their gradient in the model's type over the first.
Bytes logits(const LlmConfig& model, const ParallelPlan& plan) {
    const std::int64_t vocabulary = padded_vocabulary(model.vocab, plan.tensor_parallel) / plan.tensor_parallel;
    return Bytes{plan.micro_batch * plan.sequence_length * vocabulary * (plan.weight_bytes + kFp32Bytes)};
}

double gib(Bytes bytes) { return static_cast<double>(bytes.count()) / (1024.0 * 1024.0 * 1024.0); }

Bytes worst_stage(const LlmConfig& model, const ParallelPlan& plan, std::int64_t* stage) {
    Bytes worst{-1};
    for (std::int64_t s = 0; s < plan.pipeline_parallel; ++s) {
        const Bytes use = stage_memory(model, plan, s).total();
        if (use > worst) {
            worst = use;
            if (stage != nullptr) {
                *stage = s;
            }
        }
    }
    return worst;
}

// The same cards divided otherwise: the least tensor x pipeline parallelism that fits as the plan stands; where none
// does, with everything recomputed and single sequences.
std::string other_division(const LlmConfig& model, const ParallelPlan& plan, Bytes capacity) {
    for (const bool frugal : {false, true}) {
        ParallelPlan changed = plan;
        if (frugal) {
            changed.recompute = Recompute::full;
            changed.micro_batch = 1;
        }
        for (std::int64_t split = 1; split <= plan.ranks(); ++split) {
            for (std::int64_t tp = split; plan.ranks() % split == 0 && tp >= 1; --tp) {
                changed.tensor_parallel = tp;
                changed.pipeline_parallel = split / tp;
                changed.data_parallel = plan.ranks() / split;
                if (split % tp != 0 || !validate(changed, model, plan.ranks()).empty()) {
                    continue;
                }
                const Bytes use = worst_stage(model, changed, nullptr);
                if (use <= capacity) {
                    return fmt::format(
                        "tensor_parallel: {} with pipeline_parallel: {} and data_parallel: {}{} ({:.1f} GiB)", tp,
                        split / tp, changed.data_parallel, frugal ? ", recompute: full and micro_batch: 1" : "",
                        gib(use));
                }
            }
        }
    }
    return "";
}

// Changes that a user would try, one at a time; each is computed, so that no advice is wrong.
std::string advice(const LlmConfig& model, const ParallelPlan& plan, Bytes capacity) {
    std::string list;
    const auto consider = [&](const std::string& words, const ParallelPlan& changed) {
        if (!validate(changed, model, changed.ranks()).empty()) {
            return;
        }
        const Bytes use = worst_stage(model, changed, nullptr);
        if (use <= capacity) {
            list += fmt::format("{}{} ({:.1f} GiB)", list.empty() ? "" : ", ", words, gib(use));
        }
    };
    ParallelPlan changed = plan;
    changed.sequence_parallel = true;
    if (plan.tensor_parallel > 1 && !plan.sequence_parallel) {
        consider("sequence_parallel: true", changed);
    }
    for (const auto& [mode, words] :
         {std::pair{Recompute::selective, "recompute: selective"}, std::pair{Recompute::full, "recompute: full"}}) {
        changed = plan;
        changed.recompute = mode;
        if (plan.recompute < mode) {
            consider(words, changed);
        }
    }
    changed = plan;
    changed.zero_stage = 1;
    if (plan.zero_stage == 0 && plan.data_parallel > 1) {
        consider("zero_stage: 1", changed);
    }
    changed = plan;
    changed.micro_batch = 1;
    if (plan.micro_batch > 1) {
        consider("micro_batch: 1", changed);
    }
    const std::string division = other_division(model, plan, capacity);
    if (!division.empty()) {
        list += fmt::format("{}{}", list.empty() ? "" : ", ", division);
    }
    return list.empty() ? fmt::format(
                              "no division of {} cards makes it fit, not even with recompute: full and "
                              "micro_batch: 1; use more cards or a smaller model",
                              plan.ranks())
                        : "each of these makes it fit: " + list;
}

}  // namespace

StageParameters stage_parameters(const LlmConfig& model, const ParallelPlan& plan, std::int64_t stage) {
    const LayerParameters layer = dense_layer_parameters(model);
    const std::int64_t t = plan.tensor_parallel;
    const std::int64_t vocabulary = padded_vocabulary(model.vocab, t) / t * model.hidden;
    const std::int64_t norm = model.normalisation == Normalisation::layer ? 2 * model.hidden : model.hidden;
    StageParameters parameters;
    parameters.layers = layers_of_stage(model, plan) * ((layer.matrices + layer.sharded_biases) / t + layer.replicated);
    if (stage == 0) {
        parameters.embedding = vocabulary + (model.learned_positions ? model.max_position * model.hidden : 0);
    }
    if (stage == plan.pipeline_parallel - 1) {
        const bool shared = model.tied_embeddings && plan.pipeline_parallel == 1;
        parameters.head = norm + (shared ? 0 : vocabulary);
    }
    return parameters;
}

Bytes layer_activations(const LlmConfig& model, const ParallelPlan& plan) { return kept(model, plan, plan.recompute); }

MemoryUse stage_memory(const LlmConfig& model, const ParallelPlan& plan, std::int64_t stage) {
    MYRIAD_CHECK(stage >= 0 && stage < plan.pipeline_parallel, fmt::format("stage {}", stage));
    const std::int64_t parameters = stage_parameters(model, plan, stage).total();
    const std::int64_t shards = plan.zero_stage >= 1 ? plan.data_parallel : 1;
    const std::int64_t tokens = plan.micro_batch * plan.sequence_length;
    MemoryUse use;
    use.weights = Bytes{parameters * plan.weight_bytes};
    use.gradients = Bytes{parameters * plan.gradient_bytes};
    use.optimizer = Bytes{(parameters + shards - 1) / shards * kOptimizerBytes};
    use.activations =
        layer_activations(model, plan) * (layers_of_stage(model, plan) * micro_batches_in_flight(plan, stage));
    use.activations += embedding_and_head_activations(model, plan, stage);
    // Recompute rebuilds one layer at a time; selective rebuilds its dropped part.
    const Bytes rebuilt = kept(model, plan, Recompute::none) - layer_activations(model, plan);
    const Bytes gathered = plan.sharded_sequence() ? Bytes{tokens * model.hidden * plan.weight_bytes} : Bytes{0};
    const bool last = stage == plan.pipeline_parallel - 1;
    use.transient = std::max(rebuilt, last ? logits(model, plan) : Bytes{0}) + gathered;
    return use;
}

std::vector<PlanProblem> validate_memory(const LlmConfig& model, const ParallelPlan& plan, Bytes capacity) {
    std::int64_t stage = 0;
    const Bytes worst = worst_stage(model, plan, &stage);
    if (worst <= capacity) {
        return {};
    }
    const MemoryUse use = stage_memory(model, plan, stage);
    return {
        {"plan",
         fmt::format("the plan does not fit: a card of pipeline stage {} needs {:.1f} GiB (weights {:.1f}, "
                     "gradients {:.1f}, optimizer {:.1f}, activations {:.1f}, transient {:.1f}) but has {:.1f} GiB, "
                     "{:.1f} GiB short; {}",
                     stage, gib(worst), gib(use.weights), gib(use.gradients), gib(use.optimizer), gib(use.activations),
                     gib(use.transient), gib(capacity), gib(worst - capacity), advice(model, plan, capacity))}};
}

}  // namespace myriad
