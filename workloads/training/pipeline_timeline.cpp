// Each stage is run as far as it comes, turn by turn, until all are done or none comes further. A pass needs
//   forward                 the forward of its micro-batch at the position before
//   backward, input_grad    its own forward, and the same gradient at the position behind
//   weight_grad             its own input_grad

#include "workloads/training/pipeline_timeline.h"

#include "sim/error/error.h"

#include <fmt/format.h>
#include <algorithm>

namespace myriad {

namespace {

constexpr double kNotYet = -1;

class TimelineWalk {
public:
    TimelineWalk(const PipelineShape& shape, const std::vector<std::vector<PipelineSlot>>& orders,
                 const PassTimes& times)
        : shape_(shape),
          orders_(orders),
          times_(times),
          positions_(static_cast<std::size_t>(path_length(shape))),
          forward_end_(positions_ * static_cast<std::size_t>(shape.micro_batches), kNotYet),
          gradient_end_(forward_end_.size(), kNotYet) {
        timeline_.stages.resize(orders.size());
    }

    std::optional<PipelineTimeline> run() {
        for (bool moved = true; moved;) {
            moved = false;
            for (std::size_t stage = 0; stage < orders_.size(); ++stage) {
                while (advance(stage)) {
                    moved = true;
                }
            }
        }
        for (std::size_t stage = 0; stage < orders_.size(); ++stage) {
            if (timeline_.stages[stage].size() < orders_[stage].size()) {
                return std::nullopt;
            }
        }
        return std::move(timeline_);
    }

private:
    // Runs the next slot of a stage, or the next two side by side, if all they need is there.
    bool advance(std::size_t stage) {
        std::vector<TimedSlot>& done = timeline_.stages[stage];
        const std::vector<PipelineSlot>& order = orders_[stage];
        if (done.size() == order.size()) {
            return false;
        }
        const std::size_t first = done.size();
        const std::size_t count = order[first].beside_next ? 2 : 1;
        double begin = first == 0 ? 0 : done.back().end;
        for (std::size_t i = first; i < first + count; ++i) {
            const double ready = ready_at(stage, order[i]);
            if (ready == kNotYet) {
                return false;
            }
            begin = std::max(begin, ready);
        }
        const double end = begin + (count == 2 ? times_.together : length(order[first].pass));
        for (std::size_t i = first; i < first + count; ++i) {
            done.push_back({order[i], begin, end});
            if (order[i].pass == Pass::forward) {
                forward_end_[index(stage, order[i])] = end;
            } else if (order[i].pass != Pass::weight_grad) {
                gradient_end_[index(stage, order[i])] = end;
            }
        }
        return true;
    }

    [[nodiscard]] double ready_at(std::size_t stage, const PipelineSlot& slot) const {
        const std::size_t here = index(stage, slot);
        const std::size_t position = here % positions_;
        if (slot.pass == Pass::forward) {
            return position == 0 ? 0 : forward_end_[here - 1];
        }
        if (slot.pass == Pass::weight_grad) {
            return gradient_end_[here];
        }
        if (position + 1 == positions_ || forward_end_[here] == kNotYet) {
            return forward_end_[here];
        }
        return gradient_end_[here + 1];
    }

    [[nodiscard]] double length(Pass pass) const {
        switch (pass) {
            case Pass::forward:
                return times_.forward;
            case Pass::input_grad:
                return times_.input_grad;
            case Pass::weight_grad:
                return times_.weight_grad;
            case Pass::backward:
                break;
        }
        return times_.input_grad + times_.weight_grad;
    }

    // By micro-batch, then position.
    [[nodiscard]] std::size_t index(std::size_t stage, const PipelineSlot& slot) const {
        const std::int64_t position = position_of(shape_, {static_cast<std::int64_t>(stage), slot.chunk});
        return static_cast<std::size_t>(slot.micro_batch) * positions_ + static_cast<std::size_t>(position);
    }

    const PipelineShape& shape_;
    const std::vector<std::vector<PipelineSlot>>& orders_;
    const PassTimes& times_;
    std::size_t positions_;
    std::vector<double> forward_end_;
    std::vector<double> gradient_end_;
    PipelineTimeline timeline_;
};

}  // namespace

double PipelineTimeline::end() const {
    double last = 0;
    for (const std::vector<TimedSlot>& stage : stages) {
        last = std::max(last, stage.empty() ? 0 : stage.back().end);
    }
    return last;
}

double PipelineTimeline::busy(std::size_t stage) const {
    double sum = 0;
    for (std::size_t i = 0; i < stages[stage].size(); ++i) {
        const TimedSlot& timed = stages[stage][i];
        sum += timed.slot.beside_next ? 0 : timed.end - timed.begin;  // a pair counts once
    }
    return sum;
}

double PipelineTimeline::bubble(std::size_t stage) const {
    const std::vector<TimedSlot>& slots = stages[stage];
    return slots.empty() ? 0 : slots.back().end - slots.front().begin - busy(stage);
}

double PipelineTimeline::longest_step_bubble() const {
    double longest = 0;
    for (std::size_t stage = 0; stage < stages.size(); ++stage) {
        longest = std::max(longest, step_bubble(stage));
    }
    return longest;
}

double PipelineTimeline::longest_bubble() const {
    double longest = 0;
    for (std::size_t stage = 0; stage < stages.size(); ++stage) {
        longest = std::max(longest, bubble(stage));
    }
    return longest;
}

std::optional<PipelineTimeline> lay_out(const PipelineShape& shape,
                                        const std::vector<std::vector<PipelineSlot>>& orders, const PassTimes& times) {
    MYRIAD_CHECK(orders.size() == static_cast<std::size_t>(shape.stages), fmt::format("{} orders", orders.size()));
    return TimelineWalk(shape, orders, times).run();
}

PipelineTimeline pipeline_timeline(const PipelineShape& shape, const PassTimes& times) {
    std::vector<std::vector<PipelineSlot>> orders;
    for (std::int64_t stage = 0; stage < shape.stages; ++stage) {
        orders.push_back(pipeline_order(shape, stage));
    }
    std::optional<PipelineTimeline> timeline = lay_out(shape, orders, times);
    MYRIAD_CHECK(timeline.has_value(), "stages of a published schedule wait for each other in a circle");
    return *std::move(timeline);
}

}  // namespace myriad
