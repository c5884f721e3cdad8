#pragma once
// What the ranks of every expert-parallel group have to do, from the plan's routing. Balanced routing is one load for
// all. Random ones are drawn a few times for a few groups; groups, layers and micro-batches take turns.

#include "workloads/llm/routing.h"
#include "workloads/training/plan.h"

#include <cstdint>
#include <deque>
#include <vector>

namespace myriad {

class ExpertLoads {
public:
    // Dense models have one empty load.
    ExpertLoads(const LlmConfig& model, const ParallelPlan& plan);
    // `groups`: expert-parallel groups that there are.
    ExpertLoads(const LlmConfig& model, const OperatorShape& shape, const RoutingSpec& routing, std::int64_t groups);
    ExpertLoads(const ExpertLoads&) = delete;
    ExpertLoads& operator=(const ExpertLoads&) = delete;

    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(loads_.size()); }
    [[nodiscard]] const ExpertLoad& operator[](std::size_t load) const { return loads_[load]; }
    // Load of rank `index` of expert group `group` in layer `layer` for a micro-batch.
    [[nodiscard]] std::size_t of(std::int64_t group, std::int64_t index, std::int64_t layer,
                                 std::int64_t micro_batch) const;
    // Ranks differ: exchanges are uneven.
    [[nodiscard]] bool uneven() const { return samples_ > 0; }
    [[nodiscard]] int samples() const { return samples_; }
    // Counts of a sample of a group, for its communicator.
    [[nodiscard]] const RoutingCounts& counts(std::int64_t group, int sample) const;
    // Most rows of a rank over the mean, over all draws; 1: balanced.
    [[nodiscard]] double imbalance() const;
    [[nodiscard]] std::int64_t dropped() const;  // tokens' visits to experts, over all draws
    [[nodiscard]] std::int64_t visits() const;   // wanted, over all draws

private:
    static constexpr std::int64_t kDistinctGroups = 16;
    std::int64_t ranks_ = 1;
    std::int64_t groups_ = 1;  // distinct
    int samples_ = 0;          // 0: balanced
    BalancedLoad balanced_;
    std::deque<RoutingCounts> counts_;  // by distinct group, sample
    std::vector<ExpertLoad> loads_;     // by distinct group, sample, rank
};

}  // namespace myriad
