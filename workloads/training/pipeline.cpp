// Shapes, paths, and what can be said about an order without running it. The orders are made in pipeline_*.cpp.

#include "workloads/training/pipeline.h"

#include "sim/error/error.h"
#include "workloads/training/pipeline_orders.h"

#include <fmt/format.h>
#include <algorithm>

namespace myriad {

namespace {

std::string chunks_problem(const PipelineShape& shape) {
    if (shape.schedule == PipelineSchedule::interleaved) {
        return shape.chunks >= 2 ? ""
                                 : fmt::format("interleaved has {} chunks a stage, expected at least 2", shape.chunks);
    }
    const std::int64_t expected = shape.schedule == PipelineSchedule::dualpipe ? 2 : 1;
    return shape.chunks == expected
               ? ""
               : fmt::format("{} chunks a stage, expected {} of this schedule; only interleaved takes any number",
                             shape.chunks, expected);
}

std::string dualpipe_problem(const PipelineShape& shape) {
    if (shape.stages % 2 != 0) {
        return fmt::format("dualpipe has {} stages, expected an even number", shape.stages);
    }
    if (shape.micro_batches % 2 != 0) {
        return fmt::format("dualpipe has {} micro-batches, expected an even number: half from either end",
                           shape.micro_batches);
    }
    if (shape.micro_batches < 2 * shape.stages) {
        return fmt::format("dualpipe has {} micro-batches, expected at least {}, two for each of {} stages",
                           shape.micro_batches, 2 * shape.stages, shape.stages);
    }
    return "";
}

// Most micro-batches held at once by the slots that `counts` selects.
template <class Counts>
std::int64_t most_held(const std::vector<PipelineSlot>& order, const Counts& counts) {
    std::int64_t held = 0;
    std::int64_t most = 0;
    for (const PipelineSlot& slot : order) {
        if (!counts(slot)) {
            continue;
        }
        if (slot.pass == Pass::forward) {
            most = std::max(most, ++held);
        } else if (slot.pass != Pass::input_grad) {
            --held;
        }
    }
    return most;
}

}  // namespace

std::string problem_of(const PipelineShape& shape) {
    if (shape.stages < 1) {
        return fmt::format("{} pipeline stages, expected at least 1", shape.stages);
    }
    if (shape.micro_batches < 1) {
        return fmt::format("{} micro-batches, expected at least 1", shape.micro_batches);
    }
    if (std::string problem = chunks_problem(shape); !problem.empty()) {
        return problem;
    }
    if (shape.schedule == PipelineSchedule::dualpipe) {
        return dualpipe_problem(shape);
    }
    if (shape.schedule == PipelineSchedule::interleaved && shape.micro_batches % shape.stages != 0) {
        return fmt::format("interleaved has {} micro-batches, expected a multiple of its {} stages",
                           shape.micro_batches, shape.stages);
    }
    return "";
}

std::int64_t path_length(const PipelineShape& shape) {
    return shape.schedule == PipelineSchedule::interleaved ? shape.stages * shape.chunks : shape.stages;
}

ChunkPlace place_at(const PipelineShape& shape, std::int64_t micro_batch, std::int64_t position) {
    MYRIAD_CHECK(position >= 0 && position < path_length(shape), fmt::format("position {}", position));
    if (shape.schedule == PipelineSchedule::dualpipe) {
        return micro_batch < shape.micro_batches / 2 ? ChunkPlace{position, 0}
                                                     : ChunkPlace{shape.stages - 1 - position, 1};
    }
    return {position % shape.stages, static_cast<int>(position / shape.stages)};
}

std::int64_t position_of(const PipelineShape& shape, const ChunkPlace& place) {
    if (shape.schedule == PipelineSchedule::dualpipe) {
        return place.chunk == 0 ? place.stage : shape.stages - 1 - place.stage;
    }
    return place.chunk * shape.stages + place.stage;
}

std::vector<PipelineSlot> pipeline_order(const PipelineShape& shape, std::int64_t stage) {
    MYRIAD_CHECK(problem_of(shape).empty(), problem_of(shape));
    MYRIAD_CHECK(stage >= 0 && stage < shape.stages, fmt::format("stage {} of {}", stage, shape.stages));
    switch (shape.schedule) {
        case PipelineSchedule::gpipe:
            return gpipe_order(shape);
        case PipelineSchedule::one_forward_one_backward:
            return one_forward_one_backward_order(shape, stage);
        case PipelineSchedule::interleaved:
            return interleaved_order(shape, stage);
        case PipelineSchedule::zb_h1:
        case PipelineSchedule::zb_h2:
            return zero_bubble_order(shape, stage);
        case PipelineSchedule::dualpipe:
            break;
    }
    return dualpipe_order(shape, stage);
}

std::int64_t micro_batches_in_flight(const PipelineShape& shape, std::int64_t stage, int chunk) {
    return most_held(pipeline_order(shape, stage), [chunk](const PipelineSlot& slot) { return slot.chunk == chunk; });
}

std::int64_t passes_in_flight(const PipelineShape& shape, std::int64_t stage) {
    return most_held(pipeline_order(shape, stage), [](const PipelineSlot&) { return true; });
}

double ideal_bubble(const PipelineShape& shape, double f, double b, double w, double together) {
    const auto stages = static_cast<double>(shape.stages);
    switch (shape.schedule) {
        case PipelineSchedule::gpipe:
        case PipelineSchedule::one_forward_one_backward:
            return (stages - 1) * (f + b + w);
        case PipelineSchedule::interleaved:
            return (stages - 1) * (f + b + w) / static_cast<double>(shape.chunks);
        case PipelineSchedule::zb_h1:
            return (stages - 1) * (f + b - w);
        case PipelineSchedule::zb_h2:
            return (stages - 1) * (f + b - 2 * w);
        case PipelineSchedule::dualpipe:
            break;
    }
    return (stages / 2 - 1) * (together + b - 2 * w);
}

bool ideal_bubble_holds(const PipelineShape& shape, double f, double b, double w) {
    switch (shape.schedule) {
        case PipelineSchedule::gpipe:
        case PipelineSchedule::one_forward_one_backward:
        case PipelineSchedule::interleaved:
            return true;
        case PipelineSchedule::zb_h1:
            return shape.stages == 1 || (w <= f && shape.micro_batches >= shape.stages);
        case PipelineSchedule::zb_h2:
            return shape.stages == 1 || (w <= f && 2 * w <= f + b && shape.micro_batches >= 2 * shape.stages - 1);
        case PipelineSchedule::dualpipe:
            break;
    }
    return shape.stages == 2 || (f == b && w <= f);
}

double ideal_step_bubble(const PipelineShape& shape, double f, double b, double w, double together) {
    const double bubble = ideal_bubble(shape, f, b, w, together);
    const bool staggered = shape.schedule == PipelineSchedule::zb_h1 || shape.schedule == PipelineSchedule::zb_h2;
    return staggered ? std::max(bubble, static_cast<double>(shape.stages - 1) * f) : bubble;
}

}  // namespace myriad
