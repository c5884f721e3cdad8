// Training steps: what the workload needs of a platform, and what the report takes from it.

#include "app/run/training.h"

#include "app/run/collective_bound.h"
#include "app/run/explain_kernel.h"
#include "app/run/run_progress.h"
#include "sim/error/error.h"
#include "workloads/training/memory.h"
#include "workloads/training/step.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace myriad {
namespace {

// Of every operator, its longest kernel.
std::vector<OperatorLimit> operator_limits(const TrainingStep& step, const std::vector<OperatorTime>& operators,
                                           const ChipConfig& chip, KernelTable& kernels) {
    constexpr double kWorthSaying = 1.01;
    struct Longest {
        Picoseconds total{-1};
        OperatorLimit limit;
    };
    std::map<std::string, Longest> longest;
    step.visit_kernels([&](std::string_view label, const Kernel& kernel) {
        const KernelResult& result = kernels.result(kernel);
        Longest& known = longest[std::string(label)];
        if (result.total > known.total) {
            known = {result.total, {std::string(label), result.limit, result.plan, explain(chip, kernel, result)}};
        }
    });
    for (const OperatorTime& op : operators) {
        const double slowed = op.alone.count() > 0 ? seconds(op.total) / seconds(op.alone) : 1.0;
        if (slowed >= kWorthSaying) {
            std::vector<std::string>& why = longest[op.label].limit.why;
            why.insert(why.begin(), fmt::format("{:.2f}x by communication beside it", slowed));
        }
    }
    std::vector<OperatorLimit> limits;
    for (auto& [label, known] : longest) {
        limits.push_back(std::move(known.limit));
    }
    return limits;
}

TrainingPlatform training_platform(Platform& platform, FoldedSystem* folded, const TrainingWorkload& workload) {
    TrainingPlatform training{.cards = {},
                              .placement = workload.cards,
                              .network = platform.network(),
                              .agenda = platform.agenda()};
    Picoseconds latency = Picoseconds::max();
    for (const CardId card : workload.cards) {
        latency = std::min(latency, shortest_latency(platform.topology(), card));
        training.floor.injection = std::max(training.floor.injection, injection_bandwidth(platform.topology(), card));
        if (folded == nullptr) {
            training.cards.push_back(&platform.card(card));
        }
    }
    training.floor.latency = latency;
    if (folded != nullptr) {
        training.foldable = &folded->network();
        training.fold = [folded](std::vector<std::uint32_t> programs) -> const Folding& {
            programs.resize(folded->topology().cards.size());
            return folded->fold(programs);
        };
        training.card = [folded](CardId card) -> Card& { return folded->card(card); };
    }
    return training;
}

}  // namespace

void run_training(Platform& platform, FoldedSystem* folded, const TrainingWorkload& workload, const RunOptions& options,
                  const ChipConfig& chip, KernelTable* kernels, RunReport& report) {
    TrainingPlatform training = training_platform(platform, folded, workload);
    training.time_alone = kernels != nullptr;
    TrainingStep step(workload.model, workload.plan, std::move(training));
    if (folded != nullptr) {
        platform.elaborate();
    }
    const RunProgress progress(platform, "training step", Bytes{0}, options.progress);
    step.start();
    platform.run();
    if (!step.finished()) {
        throw LawError("every operation issued has finished", "training step", step.unfinished());
    }
    TrainingReport trained;
    trained.model = workload.model.name;
    trained.plan = workload.plan;
    trained.result = step.result();
    trained.has_experts = workload.model.has_experts();
    trained.memory = memory_by_stage(workload.model, workload.plan);
    trained.capacity = chip.hbm.capacity;
    if (kernels != nullptr) {
        trained.limits = operator_limits(step, trained.result.operators, chip, *kernels);
    }
    report.training = std::move(trained);
    report.laws.emplace_back("result >= lower bound (critical path without contention)");
    report.laws.emplace_back("every instant of a rank belongs to one kind of work");
}

}  // namespace myriad
