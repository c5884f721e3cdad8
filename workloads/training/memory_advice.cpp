// What is said of a plan that does not fit. Every change that is named was computed, so that no advice is wrong.

#include "workloads/training/memory.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace myriad {
namespace {

double gib(Bytes bytes) { return static_cast<double>(bytes.count()) / (1024.0 * 1024.0 * 1024.0); }

struct WorstStage {
    std::int64_t stage = 0;
    MemoryUse use;
};

WorstStage worst_stage(const LlmConfig& model, const ParallelPlan& plan) {
    const std::vector<MemoryUse> stages = memory_by_stage(model, plan);
    const auto worst = std::max_element(stages.begin(), stages.end(),
                                        [](const auto& a, const auto& b) { return a.total() < b.total(); });
    return {worst - stages.begin(), *worst};
}

bool can_run(const LlmConfig& model, const ParallelPlan& plan) { return validate(plan, model, plan.ranks()).empty(); }

// The same cards divided otherwise: the least tensor x pipeline parallelism that fits as the plan stands; where none
// does, with everything recomputed and single sequences.
std::string other_division(const LlmConfig& model, const ParallelPlan& plan, Bytes capacity) {
    const std::int64_t ranks = plan.ranks() / plan.context_parallel;
    for (const bool frugal : {false, true}) {
        ParallelPlan changed = plan;
        changed.layers_of_stage.clear();
        if (frugal) {
            changed.recompute = Recompute::full;
            changed.recompute_layers = 0;
            changed.micro_batch = 1;
        }
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

// Changes that a user would try, one at a time.
std::vector<std::pair<std::string, ParallelPlan>> changes(const LlmConfig& model, const ParallelPlan& plan) {
    std::vector<std::pair<std::string, ParallelPlan>> list;
    const auto add = [&](bool wanted, std::string words, auto change) {
        if (wanted) {
            ParallelPlan changed = plan;
            change(changed);
            list.emplace_back(std::move(words), std::move(changed));
        }
    };
    add(plan.tensor_parallel > 1 && !plan.sequence_parallel, "sequence_parallel: true",
        [](ParallelPlan& p) { p.sequence_parallel = true; });
    add(plan.recompute < Recompute::selective, "recompute: selective",
        [](ParallelPlan& p) { p.recompute = Recompute::selective; });
    add(plan.recompute < Recompute::full || plan.recompute_layers > 0, "recompute: full", [](ParallelPlan& p) {
        p.recompute = Recompute::full;
        p.recompute_layers = 0;
    });
    const bool copies = plan.data_parallel * plan.context_parallel > 1;
    for (int zero = plan.zero_stage + 1; zero <= 3; ++zero) {
        add(copies && (zero < 3 || plan.schedule != PipelineSchedule::dualpipe), fmt::format("zero_stage: {}", zero),
            [zero](ParallelPlan& p) { p.zero_stage = zero; });
    }
    add(plan.micro_batch > 1, "micro_batch: 1", [](ParallelPlan& p) { p.micro_batch = 1; });
    add(model.has_experts() && plan.layout().expert_data() % 2 == 0,
        fmt::format("expert_parallel: {}", 2 * plan.expert_parallel), [](ParallelPlan& p) { p.expert_parallel *= 2; });
    return list;
}

std::string advice(const LlmConfig& model, const ParallelPlan& plan, Bytes capacity) {
    std::string list;
    const auto append = [&](const std::string& words) { list += (list.empty() ? "" : ", ") + words; };
    for (const auto& [words, changed] : changes(model, plan)) {
        if (can_run(model, changed)) {
            const Bytes use = worst_stage(model, changed).use.total();
            if (use <= capacity) {
                append(fmt::format("{} ({:.1f} GiB)", words, gib(use)));
            }
        }
    }
    const std::string division = other_division(model, plan, capacity);
    if (!division.empty()) {
        append(division);
    }
    return list.empty() ? fmt::format(
                              "no division of {} cards makes it fit, not even with recompute: full and "
                              "micro_batch: 1; use more cards or a smaller model",
                              plan.ranks())
                        : "each of these makes it fit: " + list;
}

}  // namespace

std::vector<PlanProblem> validate_memory(const LlmConfig& model, const ParallelPlan& plan, Bytes capacity) {
    const auto [stage, use] = worst_stage(model, plan);
    if (use.total() <= capacity) {
        return {};
    }
    return {
        {"plan",
         fmt::format("the plan does not fit: a card of pipeline stage {} needs {:.1f} GiB (weights {:.1f}, "
                     "gradients {:.1f}, optimizer {:.1f}, activations {:.1f}, transient {:.1f}) but has {:.1f} GiB, "
                     "{:.1f} GiB short; {}",
                     stage, gib(use.total()), gib(use.weights), gib(use.gradients), gib(use.optimizer),
                     gib(use.activations), gib(use.transient), gib(capacity), gib(use.total() - capacity),
                     advice(model, plan, capacity))}};
}

}  // namespace myriad
