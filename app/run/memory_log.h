#pragma once
// Memory of a few ranks over the step, for the timeline: what stays (weights, gradients, optimizer) and activations.

#include "app/timeline/timeline.h"
#include "workloads/training/memory.h"
#include "workloads/training/result.h"

#include <map>
#include <utility>
#include <vector>

namespace myriad {

class MemoryLog final : public MemorySink {
public:
    // Before the step starts.
    void watch(const std::vector<std::int64_t>& ranks) {
        for (const std::int64_t rank : ranks) {
            points_[rank];
        }
    }
    void on_activations(std::int64_t rank, TimePoint now, Bytes held) override {
        const auto found = points_.find(rank);
        if (found != points_.end()) {
            found->second.emplace_back(now, static_cast<double>(held.count()));
        }
    }
    // `stage_of`: the pipeline stage of a rank. Of each watched rank activations, and all memory with what stays.
    template <class F>
    [[nodiscard]] std::vector<TimelineCounter> counters(const std::vector<MemoryUse>& stages, F&& stage_of) const {
        std::vector<TimelineCounter> result;
        for (const auto& [rank, points] : points_) {
            const MemoryUse& use = stages[static_cast<std::size_t>(stage_of(rank))];
            const auto stays = static_cast<double>((use.weights + use.gradients + use.optimizer).count());
            TimelineCounter activations{rank, "activations", "bytes", points};
            TimelineCounter all{rank, "memory", "bytes", points};
            for (auto& [time, value] : all.points) {
                value += stays;
            }
            result.push_back(std::move(activations));
            result.push_back(std::move(all));
        }
        return result;
    }

private:
    std::map<std::int64_t, std::vector<std::pair<TimePoint, double>>> points_;  // by rank
};

}  // namespace myriad
