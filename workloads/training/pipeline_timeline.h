#pragma once
// Orders of a pipeline laid out in time, where sending between stages is free and every stage is alike: a stage begins a
// pass as soon as it is done with the one before and what the pass needs is there. For pictures, for bubbles of times
// for which the closed form does not hold, and for what a plan would cost on an infinitely fast network.

#include "workloads/training/pipeline.h"

#include <optional>
#include <vector>

namespace myriad {

// Of one micro-batch through one chunk; any unit.
struct PassTimes {
    double forward = 1;
    double input_grad = 1;
    double weight_grad = 1;
    double together = 3;  // a forward and a whole backward side by side
};

struct TimedSlot {
    PipelineSlot slot;
    double begin = 0;
    double end = 0;
};

struct PipelineTimeline {
    std::vector<std::vector<TimedSlot>> stages;  // in order; slots side by side have the same begin and end

    [[nodiscard]] double end() const;  // of the stage that is done last
    [[nodiscard]] double busy(std::size_t stage) const;
    [[nodiscard]] double step_bubble(std::size_t stage) const { return end() - busy(stage); }
    [[nodiscard]] double bubble(std::size_t stage) const;  // between the stage's first pass and its last
    [[nodiscard]] double longest_step_bubble() const;
    [[nodiscard]] double longest_bubble() const;
};

// One order a stage. Nothing, where stages wait for each other in a circle.
[[nodiscard]] std::optional<PipelineTimeline> lay_out(const PipelineShape& shape,
                                                      const std::vector<std::vector<PipelineSlot>>& orders,
                                                      const PassTimes& times);
// The orders of the schedule.
[[nodiscard]] PipelineTimeline pipeline_timeline(const PipelineShape& shape, const PassTimes& times);

}  // namespace myriad
