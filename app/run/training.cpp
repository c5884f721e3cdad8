// Training steps: what the workload needs of a platform, and what the report takes from it.

#include "app/run/training.h"

#include "app/activity/rank_activity.h"
#include "app/run/collective_bound.h"
#include "app/run/explain_kernel.h"
#include "app/run/explain_training.h"
#include "app/run/memory_log.h"
#include "app/run/run_progress.h"
#include "sim/error/error.h"
#include "sim/units/quantity_text.h"
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
    TrainingPlatform training{
        .cards = {}, .placement = workload.cards, .network = platform.network(), .agenda = platform.agenda()};
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

std::vector<std::int64_t> ranks_that_run(const TrainingStep& step, std::int64_t ranks) {
    std::vector<std::int64_t> running;
    for (std::int64_t rank = 0; rank < ranks; ++rank) {
        if (step.runs_for(rank) == rank) {
            running.push_back(rank);
        }
    }
    return running;
}

// Before the log goes: one rank of each pipeline stage, then others.
RankActivity rows_of(const SpanLog& log, const std::vector<std::int64_t>& representatives, const Layout& layout,
                     const std::vector<CardId>& cards) {
    TimelineOptions options;
    options.ranks = kActivityRows;
    options.representatives = representatives;
    std::vector<ActivityRow> rows;
    std::vector<TimelineLane> lanes;
    for (const std::int64_t rank : ranks_shown(log, CriticalPath{}, options)) {
        rows.push_back({rank, index(cards[static_cast<std::size_t>(rank)]), name_of_rank(layout, rank), {}});
        for (TimelineLane& lane : lanes_of(log, rank)) {
            lanes.push_back(std::move(lane));
        }
    }
    return rank_activity(std::move(rows), lanes);
}

}  // namespace

void run_training(Platform& platform, FoldedSystem* folded, const Scenario& scenario, const RunOptions& options,
                  KernelTable* kernels, RunRecords& records, RunOutcome& outcome) {
    const auto& workload = std::get<TrainingWorkload>(scenario.workload);
    const ChipConfig& chip = scenario.cluster.chip.chip;
    RunReport& report = outcome.report;
    const Layout layout(workload.plan.layout());
    TrainingPlatform training = training_platform(platform, folded, workload);
    training.time_alone = kernels != nullptr;
    SpanLogOptions log_options;
    log_options.ranks = workload.plan.ranks();
    log_options.chosen = first_replica(layout);
    SpanLog log(log_options);
    MemoryLog memory;
    if (options.explain) {
        training.memory = &memory;
        training.spans = &log;
        training.nature = natures(chip, kernels);
    }
    TrainingStep step(workload.model, workload.plan, std::move(training));
    if (folded != nullptr) {
        platform.elaborate();
        log.keep_only(ranks_that_run(step, workload.plan.ranks()));
    }
    std::vector<std::int64_t> representatives = stage_heads(layout);
    for (std::int64_t& rank : representatives) {
        rank = step.runs_for(rank);
    }
    memory.watch(representatives);
    const RunProgress progress(platform, "training step", Bytes{0}, options.progress);
    step.start();
    platform.run();
    if (!step.finished()) {
        throw LawError("every operation issued has finished", "training step", step.unfinished());
    }
    records.finish_links();
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
    if (options.explain) {
        Timeline timeline;
        TimelineOptions shown;
        shown.ranks = options.trace_ranks;
        shown.representatives = representatives;
        shown.counters = memory.counters(trained.memory, [&](std::int64_t rank) { return layout.place_of(rank).pp; });
        const std::vector<TimelineCounter> of_links = records.counters();
        shown.counters.insert(shown.counters.end(), of_links.begin(), of_links.end());
        explain_training(log, workload, scenario.cluster.cluster, platform.topology(), std::move(shown), trained,
                         timeline);
        if (!timeline.json.empty()) {
            outcome.trace_note = trace_note(timeline, true);
            outcome.trace = std::move(timeline.json);
        }
        if (options.activity && log.dropped() == 0) {
            records.set_ranks(rows_of(log, representatives, layout, workload.cards));
        }
    }
    report.training = std::move(trained);
    report.laws.emplace_back("result >= lower bound (critical path without contention)");
    report.laws.emplace_back("every instant of a rank belongs to one kind of work");
    report.laws.emplace_back("memory held = memory accounted (activations)");
}

}  // namespace myriad
