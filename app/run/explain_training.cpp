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

std::vector<std::string> names_of_ranks(const Layout& layout) {
    std::vector<std::string> names;
    for (std::int64_t rank = 0; rank < layout.sizes().ranks(); ++rank) {
        names.push_back(name_of_rank(layout, rank));
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

std::string name_of_rank(const Layout& layout, std::int64_t rank) {
    const RankPlace place = layout.place_of(rank);
    std::string name = fmt::format("tp {}, dp {}, pp {}", place.tp, place.dp, place.pp);
    if (layout.sizes().context > 1) {
        name += fmt::format(", cp {}", place.cp);
    }
    if (layout.sizes().expert > 1) {
        name += fmt::format(", ep {}", place.ep);
    }
    return name;
}

std::vector<std::int64_t> first_replica(const Layout& layout) {
    std::vector<std::int64_t> ranks;
    for (std::int64_t rank = 0; rank < layout.sizes().ranks(); ++rank) {
        if (layout.place_of(rank).dp == 0) {
            ranks.push_back(rank);
        }
    }
    return ranks;
}

std::vector<std::int64_t> stage_heads(const Layout& layout) {
    std::vector<std::int64_t> ranks;
    for (std::int64_t stage = 0; stage < layout.sizes().pipeline; ++stage) {
        ranks.push_back(layout.at_stage(0, stage));
    }
    return ranks;
}

std::vector<CardGroup> groups_of(const Layout& layout, const std::vector<CardId>& cards) {
    std::vector<CardGroup> groups;
    const auto add = [&](GroupKind kind, const std::vector<std::int64_t>& ranks) {
        CardGroup& group = groups.emplace_back(CardGroup{kind, {}});
        for (const std::int64_t rank : ranks) {
            group.cards.push_back(cards[static_cast<std::size_t>(rank)]);
        }
    };
    for (std::size_t number = 1; number < kGroupKinds; ++number) {
        const auto kind = static_cast<GroupKind>(number);
        const bool by_server = kind == GroupKind::expert_server || kind == GroupKind::expert_rail;
        if (by_server && layout.sizes().expert_server == 1) {
            continue;
        }
        for (std::int64_t group = 0; layout.size(kind) > 1 && group < layout.groups(kind); ++group) {
            add(kind, layout.members(kind, group));
        }
    }
    const std::int64_t stages = layout.sizes().pipeline;
    for (std::int64_t rank = 0; stages > 1 && rank < layout.sizes().ranks(); ++rank) {
        if (layout.place_of(rank).pp == 0) {
            std::vector<std::int64_t> pipeline;
            for (std::int64_t stage = 0; stage < stages; ++stage) {
                pipeline.push_back(layout.at_stage(rank, stage));
            }
            add(GroupKind::none, pipeline);
        }
    }
    return groups;
}

void explain_training(SpanLog& log, const TrainingWorkload& workload, const ClusterConfig& cluster,
                      const Topology& topology, TimelineOptions shown, TrainingReport& report, Timeline& timeline) {
    if (log.dropped() > 0) {
        report.unexplained = fmt::format("not explained: {} spans of the chosen ranks found no room", log.dropped());
        return;
    }
    log.finish();
    const Layout layout(workload.plan.layout());
    // The step began with the run: nothing runs before it.
    const TimePoint started{};
    const TimePoint ended = started + report.result.step_time;
    const CriticalPath path = critical_path(log, started, ended);
    const std::unique_ptr<Router> router = make_router(topology, routing_of(cluster));
    const LinksOfGroups links = links_of_groups(topology, *router, groups_of(layout, workload.cards));
    report.explanation = make_explanation(log, path, started, ended, links);
    report.explanation->running_ranks = report.result.programs;
    if (shown.ranks > 0) {
        shown.names = names_of_ranks(layout);
        timeline = make_timeline(log, path, shown);
    }
}

}  // namespace myriad
