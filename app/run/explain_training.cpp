// The glue between a training run and its explanation. A kernel's nature is that of the kernel alone on its card:
// communication beside it may slow it down, but is not what it is told to be bound by.

#include "app/run/explain_training.h"

#include "models/ppu/roofline.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {
namespace {

KernelNature roofline_nature(const ChipConfig& chip, const Kernel& kernel) {
    const RooflineTime time = roofline_time(chip, kernel);
    const ComputeBound unit = kernel.unit == KernelUnit::tensor ? ComputeBound::matrix : ComputeBound::vector;
    return {time.compute >= time.memory ? unit : ComputeBound::hbm, time.launch};
}

// A launch that takes longer than the rest says nothing about the rest: that is told by what was busiest in it.
ComputeBound busiest(const KernelResult& result) {
    if (result.hbm_busy >= std::max(result.tensor_busy, result.vector_busy)) {
        return ComputeBound::hbm;
    }
    return result.tensor_busy >= result.vector_busy ? ComputeBound::matrix : ComputeBound::vector;
}

ComputeBound bound_of(const KernelResult& result) {
    switch (result.limit) {
        case KernelLimit::tensor:
            return ComputeBound::matrix;
        case KernelLimit::vector:
            return ComputeBound::vector;
        case KernelLimit::hbm:
            return ComputeBound::hbm;
        case KernelLimit::launch:
            return busiest(result);
        case KernelLimit::cache:
        case KernelLimit::core_port:
        case KernelLimit::latency:
            break;
    }
    return ComputeBound::on_chip;
}

std::vector<std::string> names_of_ranks(const ParallelPlan& plan) {
    std::vector<std::string> names;
    for (std::int64_t rank = 0; rank < plan.ranks(); ++rank) {
        const RankPlace place = place_of(plan, rank);
        names.push_back(fmt::format("tp {}, dp {}, pp {}", place.tp, place.dp, place.pp));
    }
    return names;
}

}  // namespace

std::function<KernelNature(const Kernel&)> natures(const ChipConfig& chip, KernelTable* table) {
    if (table == nullptr) {
        return [&chip](const Kernel& kernel) { return roofline_nature(chip, kernel); };
    }
    return [table](const Kernel& kernel) {
        const KernelResult& result = table->result(kernel);
        return KernelNature{bound_of(result), result.launch};
    };
}

std::vector<std::int64_t> first_replica(const ParallelPlan& plan) {
    std::vector<std::int64_t> ranks;
    for (std::int64_t stage = 0; stage < plan.pipeline_parallel; ++stage) {
        for (std::int64_t tp = 0; tp < plan.tensor_parallel; ++tp) {
            ranks.push_back(rank_of(plan, {tp, 0, stage}));
        }
    }
    return ranks;
}

std::vector<std::int64_t> stage_heads(const ParallelPlan& plan) {
    std::vector<std::int64_t> ranks;
    for (std::int64_t stage = 0; stage < plan.pipeline_parallel; ++stage) {
        ranks.push_back(rank_of(plan, {0, 0, stage}));
    }
    return ranks;
}

std::vector<CardGroup> groups_of(const ParallelPlan& plan, const std::vector<CardId>& cards) {
    const std::int64_t tp = plan.tensor_parallel;
    const std::int64_t dp = plan.data_parallel;
    const std::int64_t pp = plan.pipeline_parallel;
    std::vector<CardGroup> groups;
    // Each group once, from its member with index 0.
    const auto add = [&](GroupKind kind, std::int64_t members, const auto& place_of_member) {
        CardGroup& group = groups.emplace_back(CardGroup{kind, {}});
        for (std::int64_t i = 0; i < members; ++i) {
            group.cards.push_back(cards[static_cast<std::size_t>(rank_of(plan, place_of_member(i)))]);
        }
    };
    for (std::int64_t rank = 0; rank < plan.ranks(); ++rank) {
        const RankPlace place = place_of(plan, rank);
        if (place.tp == 0 && tp > 1) {
            add(GroupKind::tensor, tp, [&](std::int64_t i) { return RankPlace{i, place.dp, place.pp}; });
        }
        if (place.dp == 0 && dp > 1) {
            add(GroupKind::data, dp, [&](std::int64_t i) { return RankPlace{place.tp, i, place.pp}; });
        }
        if (place.pp == 0 && pp > 1) {
            add(GroupKind::none, pp, [&](std::int64_t i) { return RankPlace{place.tp, place.dp, i}; });
            add(GroupKind::embedding, 2, [&](std::int64_t i) { return RankPlace{place.tp, place.dp, i * (pp - 1)}; });
        }
        if (place.tp == 0 && place.pp == 0 && tp * pp > 1) {
            add(GroupKind::model, tp * pp, [&](std::int64_t i) { return RankPlace{i % tp, place.dp, i / tp}; });
        }
    }
    return groups;
}

void explain_training(SpanLog& log, const TrainingWorkload& workload, const ClusterConfig& cluster,
                      const Topology& topology, int trace_ranks, TrainingReport& report, Timeline& timeline) {
    if (log.dropped() > 0) {
        report.unexplained = fmt::format("not explained: {} spans of the chosen ranks found no room", log.dropped());
        return;
    }
    log.finish();
    // The step began with the run: nothing runs before it.
    const TimePoint started{};
    const TimePoint ended = started + report.result.step_time;
    const CriticalPath path = critical_path(log, started, ended);
    const std::unique_ptr<Router> router = make_router(topology, routing_of(cluster));
    const LinksOfGroups links = links_of_groups(topology, *router, groups_of(workload.plan, workload.cards));
    report.explanation = make_explanation(log, path, started, ended, links);
    if (trace_ranks > 0) {
        TimelineOptions options;
        options.ranks = trace_ranks;
        options.representatives = stage_heads(workload.plan);
        options.names = names_of_ranks(workload.plan);
        timeline = make_timeline(log, path, options);
    }
}

}  // namespace myriad
