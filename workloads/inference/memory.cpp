// Weights are counted off the operators; a cache entry is what the model says (LlmConfig), cut as attention is cut: heads
// over tensor-parallel ranks but at least one, a latent whole on each of them.
// Assumptions: pages of the cache are full, no workspace of libraries, no copies of the weights.

#include "workloads/inference/memory.h"

#include "workloads/inference/program.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace myriad {
namespace {

double gib(Bytes bytes) { return static_cast<double>(bytes.count()) / (1024.0 * 1024.0 * 1024.0); }

// Elements that a token leaves in the cache of a layer of full attention, on one rank.
std::int64_t cache_width(const LlmConfig& model, std::int64_t tensor) {
    return model.has_latent_attention() ? model.latent.kv_lora_rank + model.latent.qk_rope_head_dim
                                        : 2 * std::max<std::int64_t>(1, model.kv_heads / tensor) * model.head_dim;
}

// Elements of the state of a layer of linear attention, on one rank: the recurrence and the convolution's last tokens.
std::int64_t state_elements(const LlmConfig& model, std::int64_t tensor) {
    const LinearAttentionConfig& a = model.linear;
    const std::int64_t channels = 2 * a.key_heads * a.key_head_dim + a.value_heads * a.value_head_dim;
    return (a.value_heads * a.key_head_dim * a.value_head_dim + channels * a.conv_kernel) / tensor;
}

}  // namespace

Bytes cache_of_sequence(const LlmConfig& model, const InferencePlan& plan, const LayerRange& layers) {
    const std::int64_t tp = plan.tensor_parallel;
    const std::int64_t tokens = plan.context + plan.new_tokens();
    Bytes size{0};
    for (std::int64_t layer = layers.first; layer < layers.first + layers.count; ++layer) {
        size += layer_kind(model, layer).linear_attention ? size_of(plan.type) * state_elements(model, tp)
                                                          : plan.cache_element() * (tokens * cache_width(model, tp));
    }
    return size;
}

std::vector<InferenceMemory> memory_by_stage(const LlmConfig& model, const InferencePlan& plan) {
    const OperatorShape shape = plan.shape();
    const ExpertLoads loads(model, shape, plan.routing, plan.ranks() / plan.expert_parallel);
    const InferencePrograms programs = make_programs(model, plan, loads);
    const std::vector<LayerRange> ranges = layer_ranges(plan, model);
    std::vector<InferenceMemory> stages;
    for (std::size_t stage = 0; stage < ranges.size(); ++stage) {
        InferenceMemory use;
        Bytes working{0};
        const auto add = [&](const PassPart& part, bool weights) {
            use.weights += weights ? part.parameters : Bytes{0};
            working = std::max(working, part.working);
        };
        for (std::int64_t i = 0; i < ranges[stage].count; ++i) {
            for (std::size_t load = 0; load < static_cast<std::size_t>(loads.size()); ++load) {
                add(programs.parts[programs.layer(ranges[stage].first + i, load)], load == 0);
            }
        }
        const bool first = stage == 0;
        const bool last = stage + 1 == ranges.size();
        if (first) {
            add(programs.parts[InferencePrograms::kEmbedding], true);
        }
        if (last) {
            add(programs.parts[InferencePrograms::kHead], !(first && model.tied_embeddings));
        }
        use.cache = cache_of_sequence(model, plan, ranges[stage]) * plan.sequences_of_copy();
        use.activations = working + layer_input_bytes(model, shape);
        stages.push_back(use);
    }
    return stages;
}

namespace {

struct WorstStage {
    std::int64_t stage = 0;
    InferenceMemory use;
};

WorstStage worst_stage(const LlmConfig& model, const InferencePlan& plan) {
    const std::vector<InferenceMemory> stages = memory_by_stage(model, plan);
    const auto worst = std::max_element(stages.begin(), stages.end(),
                                        [](const auto& a, const auto& b) { return a.total() < b.total(); });
    return {worst - stages.begin(), *worst};
}

bool can_run(const LlmConfig& model, const InferencePlan& plan) { return validate(plan, model, plan.ranks()).empty(); }

// The largest batch that fits, a multiple of what the plan divides it by; 0: none.
std::int64_t largest_batch(const LlmConfig& model, const InferencePlan& plan, Bytes capacity) {
    const std::int64_t unit = plan.data_parallel * plan.passes();
    std::int64_t fits = 0;
    std::int64_t fails = plan.batch / unit;
    while (fails - fits > 1) {
        const std::int64_t middle = fits + (fails - fits) / 2;
        InferencePlan changed = plan;
        changed.batch = middle * unit;
        (worst_stage(model, changed).use.total() <= capacity ? fits : fails) = middle;
    }
    InferencePlan changed = plan;
    changed.batch = fits * unit;
    return fits > 0 && can_run(model, changed) ? changed.batch : 0;
}

// The same cards with more tensor and pipeline parallelism and fewer copies.
std::string other_division(const LlmConfig& model, const InferencePlan& plan, Bytes capacity) {
    const std::int64_t ranks = plan.ranks();
    InferencePlan changed = plan;
    changed.layers_of_stage.clear();
    changed.expert_tensor_parallel = 0;
    for (std::int64_t split = 1; split <= ranks; ++split) {
        for (std::int64_t tp = split; ranks % split == 0 && tp >= 1; --tp) {
            changed.tensor_parallel = tp;
            changed.pipeline_parallel = split / tp;
            changed.data_parallel = ranks / split;
            if (split % tp != 0 || !can_run(model, changed)) {
                continue;
            }
            const Bytes use = worst_stage(model, changed).use.total();
            if (use <= capacity) {
                return fmt::format("tensor_parallel: {} with pipeline_parallel: {} and data_parallel: {} ({:.1f} GiB)",
                                   tp, split / tp, changed.data_parallel, gib(use));
            }
        }
    }
    return "";
}

std::string advice(const LlmConfig& model, const InferencePlan& plan, Bytes capacity, bool fp8) {
    std::string list;
    const auto append = [&](const std::string& words) { list += (list.empty() ? "" : ", ") + words; };
    const auto attempt = [&](bool wanted, const std::string& words, auto change) {
        InferencePlan changed = plan;
        change(changed);
        if (wanted && can_run(model, changed)) {
            if (const Bytes use = worst_stage(model, changed).use.total(); use <= capacity) {
                append(fmt::format("{} ({:.1f} GiB)", words, gib(use)));
            }
        }
    };
    attempt(plan.cache == CacheType::plain, "cache_type: fp8", [](InferencePlan& p) { p.cache = CacheType::fp8; });
    attempt(fp8 && plan.weights == WeightType::plain, "weight_type: fp8",
            [](InferencePlan& p) { p.weights = WeightType::fp8; });
    for (std::int64_t ep = 2 * plan.expert_parallel; model.has_experts() && ep <= model.experts.experts; ep *= 2) {
        attempt(true, fmt::format("expert_parallel: {}", ep), [ep](InferencePlan& p) {
            p.expert_parallel = ep;
            p.expert_tensor_parallel = 0;
        });
    }
    if (const std::int64_t batch = largest_batch(model, plan, capacity); batch > 0) {
        attempt(true, fmt::format("batch: {}", batch), [batch](InferencePlan& p) { p.batch = batch; });
    }
    if (const std::string division = other_division(model, plan, capacity); !division.empty()) {
        append(division);
    }
    return list.empty() ? fmt::format(
                              "neither a smaller batch nor another division of {} cards makes it fit; use more cards, "
                              "a smaller model or fewer tokens",
                              plan.ranks())
                        : "each of these makes it fit: " + list;
}

}  // namespace

std::vector<PlanProblem> validate_memory(const LlmConfig& model, const InferencePlan& plan, Bytes capacity, bool fp8) {
    const auto [stage, use] = worst_stage(model, plan);
    if (use.total() <= capacity) {
        return {};
    }
    return {{"plan",
             fmt::format("the plan does not fit: a card of pipeline stage {} needs {:.1f} GiB (weights {:.1f}, cache "
                         "{:.1f}, activations {:.1f}) but has {:.1f} GiB, {:.1f} GiB short; {}",
                         stage, gib(use.total()), gib(use.weights), gib(use.cache), gib(use.activations), gib(capacity),
                         gib(use.total() - capacity), advice(model, plan, capacity, fp8))}};
}

}  // namespace myriad
