// Loads of the distinct draws: group % 16, sample, rank.

#include "workloads/training/expert_loads.h"

#include <algorithm>
#include <numeric>

namespace myriad {

ExpertLoads::ExpertLoads(const LlmConfig& model, const ParallelPlan& plan)
    : ExpertLoads(model, plan.shape(), plan.routing, plan.ranks() / plan.expert_parallel) {}

ExpertLoads::ExpertLoads(const LlmConfig& model, const OperatorShape& shape, const RoutingSpec& routing,
                         std::int64_t groups)
    : ranks_(shape.expert_parallel) {
    if (!model.has_experts()) {
        loads_.emplace_back();
        return;
    }
    if (routing.distribution == RoutingDistribution::balanced) {
        balanced_ = balanced_load(model, shape);
        balanced_.load.rows = balanced_.rows;
        loads_.push_back(balanced_.load);
        return;
    }
    samples_ = routing.samples;
    groups_ = std::min(kDistinctGroups, groups);
    for (std::int64_t group = 0; group < groups_; ++group) {
        for (int sample = 0; sample < samples_; ++sample) {
            const RoutingCounts& counts = counts_.emplace_back(route(model, shape, routing, group, sample));
            for (std::int64_t r = 0; r < ranks_; ++r) {
                loads_.push_back(load_of(counts, r, sample));
            }
        }
    }
}

std::size_t ExpertLoads::of(std::int64_t group, std::int64_t index, std::int64_t layer,
                            std::int64_t micro_batch) const {
    if (samples_ == 0) {
        return 0;
    }
    const std::int64_t sample = (layer + micro_batch) % samples_;
    return static_cast<std::size_t>((group % groups_ * samples_ + sample) * ranks_ + index);
}

const RoutingCounts& ExpertLoads::counts(std::int64_t group, int sample) const {
    return counts_[static_cast<std::size_t>(group % groups_ * samples_ + sample)];
}

double ExpertLoads::imbalance() const {
    double worst = 1.0;
    for (const RoutingCounts& counts : counts_) {
        std::int64_t most = 0;
        for (std::int64_t r = 0; r < ranks_; ++r) {
            most = std::max(most, counts.rank_rows(r));
        }
        const auto sum = static_cast<double>(std::accumulate(counts.rows.begin(), counts.rows.end(), std::int64_t{0}));
        worst = std::max(worst, static_cast<double>(most * ranks_) / sum);
    }
    return worst;
}

std::int64_t ExpertLoads::dropped() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0},
                           [](std::int64_t sum, const RoutingCounts& counts) { return sum + counts.dropped; });
}

std::int64_t ExpertLoads::visits() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0},
                           [](std::int64_t sum, const RoutingCounts& counts) {
                               return std::accumulate(counts.rows.begin(), counts.rows.end(), sum + counts.dropped);
                           });
}

}  // namespace myriad
