// Whatever the shape: every pass once and in order, and a walk in time that never stops.

#include "sim/random/random_stream.h"
#include "tests/unit/pipeline/shapes.h"
#include "workloads/training/pipeline_timeline.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <tuple>

using namespace myriad;

namespace {

PipelineShape random_shape(RandomStream& random) {
    PipelineShape shape;
    shape.schedule = test::kSchedules[random.below(std::size(test::kSchedules))];
    shape.stages = random.integer(1, 12);
    shape.micro_batches = random.integer(1, 40);
    if (shape.schedule == PipelineSchedule::interleaved) {
        shape.chunks = random.integer(2, 5);
        shape.micro_batches = shape.stages * random.integer(1, 4);
    } else if (shape.schedule == PipelineSchedule::dualpipe) {
        shape.chunks = 2;
        shape.stages = 2 * random.integer(1, 8);
        shape.micro_batches = 2 * shape.stages + 2 * random.integer(0, 20);
    }
    return shape;
}

// Micro-batch and position on its path.
using Visit = std::tuple<std::int64_t, std::int64_t>;

// When passes end, found from the path of a micro-batch, not from the orders.
struct Ends {
    std::map<Visit, double> forward;
    std::map<Visit, double> gradient;
    std::map<Visit, std::size_t> passes;  // forward 1, backward 10 or input_grad 100 + weight_grad 1000
};

Visit visit_of(const PipelineShape& shape, std::size_t stage, const PipelineSlot& slot) {
    for (std::int64_t position = 0; position < path_length(shape); ++position) {
        if (place_at(shape, slot.micro_batch, position) == ChunkPlace{static_cast<std::int64_t>(stage), slot.chunk}) {
            return {slot.micro_batch, position};
        }
    }
    return {slot.micro_batch, -1};
}

Ends ends_of(const PipelineShape& shape, const PipelineTimeline& timeline) {
    Ends ends;
    for (std::size_t stage = 0; stage < timeline.stages.size(); ++stage) {
        for (const TimedSlot& timed : timeline.stages[stage]) {
            const Visit visit = visit_of(shape, stage, timed.slot);
            switch (timed.slot.pass) {
                case Pass::forward:
                    ends.forward[visit] = timed.end;
                    ends.passes[visit] += 1;
                    break;
                case Pass::backward:
                    ends.gradient[visit] = timed.end;
                    ends.passes[visit] += 10;
                    break;
                case Pass::input_grad:
                    ends.gradient[visit] = timed.end;
                    ends.passes[visit] += 100;
                    break;
                case Pass::weight_grad:
                    ends.passes[visit] += 1000;
                    break;
            }
        }
    }
    return ends;
}

// When all that the slot needs is there.
double needs(const PipelineShape& shape, const Ends& ends, std::size_t stage, const PipelineSlot& slot) {
    const auto [micro_batch, position] = visit_of(shape, stage, slot);
    switch (slot.pass) {
        case Pass::forward:
            return position == 0 ? 0 : ends.forward.at({micro_batch, position - 1});
        case Pass::weight_grad:
            return ends.gradient.at({micro_batch, position});
        case Pass::backward:
        case Pass::input_grad:
            break;
    }
    const double own = ends.forward.at({micro_batch, position});
    const bool last = position + 1 == path_length(shape);
    return last ? own : std::max(own, ends.gradient.at({micro_batch, position + 1}));
}

double length_of(const PassTimes& times, Pass pass) {
    return pass == Pass::forward       ? times.forward
           : pass == Pass::input_grad  ? times.input_grad
           : pass == Pass::weight_grad ? times.weight_grad
                                       : times.input_grad + times.weight_grad;
}

// Every slot begins at the very moment at which it can, and lasts as long as it should; so the times are the only
// ones that there are. Returns the first that does not.
std::string first_wrong_time(const PipelineShape& shape, const PipelineTimeline& timeline, const PassTimes& times) {
    const Ends ends = ends_of(shape, timeline);
    for (std::size_t stage = 0; stage < timeline.stages.size(); ++stage) {
        double free = 0;
        const std::vector<TimedSlot>& slots = timeline.stages[stage];
        for (std::size_t i = 0; i < slots.size();) {
            const std::size_t count = slots[i].slot.beside_next ? 2 : 1;
            double begin = free;
            for (std::size_t k = i; k < i + count; ++k) {
                begin = std::max(begin, needs(shape, ends, stage, slots[k].slot));
            }
            const double end = begin + (count == 2 ? times.together : length_of(times, slots[i].slot.pass));
            for (std::size_t k = i; k < i + count; ++k) {
                if (slots[k].begin != begin || slots[k].end != end) {
                    return "stage " + std::to_string(stage) + ", slot " + std::to_string(k);
                }
            }
            free = end;
            i += count;
        }
    }
    return "";
}

}  // namespace

TEST_CASE("random pipelines run every pass once, in order, and never stop") {
    const auto seed = GENERATE(range<std::uint64_t>(1, 301));
    RandomStream random(seed, "pipeline");
    const PipelineShape shape = random_shape(random);
    const PassTimes times{random.real(0.5, 3), random.real(0.5, 3), random.real(0.1, 3), random.real(1, 6)};
    CAPTURE(seed, static_cast<int>(shape.schedule), shape.stages, shape.chunks, shape.micro_batches);
    REQUIRE(problem_of(shape).empty());

    std::vector<std::vector<PipelineSlot>> orders;
    for (std::int64_t stage = 0; stage < shape.stages; ++stage) {
        orders.push_back(pipeline_order(shape, stage));
    }
    const std::optional<PipelineTimeline> timeline = lay_out(shape, orders, times);
    REQUIRE(timeline.has_value());
    CHECK(first_wrong_time(shape, *timeline, times).empty());

    // Every micro-batch makes its forward and its gradients at every position, once.
    const Ends ends = ends_of(shape, *timeline);
    CHECK(ends.passes.size() == static_cast<std::size_t>(shape.micro_batches * path_length(shape)));
    CHECK(std::all_of(ends.passes.begin(), ends.passes.end(), [](const auto& visit) {
        return std::get<1>(visit.first) >= 0 && (visit.second == 11 || visit.second == 1101);
    }));
    // Side by side stand a forward and a backward of another chunk; passes of a kind and chunk keep to the order of
    // micro-batches.
    for (const std::vector<PipelineSlot>& order : orders) {
        std::map<std::tuple<int, int>, std::int64_t> last;
        for (std::size_t i = 0; i < order.size(); ++i) {
            const int kind =
                order[i].pass == Pass::input_grad ? static_cast<int>(Pass::backward) : static_cast<int>(order[i].pass);
            const auto [before, first] = last.try_emplace({kind, order[i].chunk}, order[i].micro_batch);
            CHECK((first || before->second < order[i].micro_batch));
            before->second = order[i].micro_batch;
            if (order[i].beside_next) {
                REQUIRE(i + 1 < order.size());
                CHECK(order[i].pass == Pass::forward);
                CHECK(order[i + 1].pass == Pass::backward);
                CHECK(order[i + 1].chunk != order[i].chunk);
                CHECK_FALSE(order[i + 1].beside_next);
            }
        }
    }
}

TEST_CASE("the wait of two stages for each other is found") {
    // Stage 0 wants the gradient of micro-batch 0 before it sends micro-batch 1; stage 1 wants both forwards first.
    const PipelineShape shape = test::shape_of(PipelineSchedule::one_forward_one_backward, 2, 2);
    const PipelineSlot f0{.pass = Pass::forward, .micro_batch = 0};
    const PipelineSlot f1{.pass = Pass::forward, .micro_batch = 1};
    const PipelineSlot b0{.pass = Pass::backward, .micro_batch = 0};
    const PipelineSlot b1{.pass = Pass::backward, .micro_batch = 1};
    CHECK_FALSE(lay_out(shape, {{f0, b0, f1, b1}, {f0, f1, b0, b1}}, {}).has_value());
    CHECK(lay_out(shape, {{f0, f1, b0, b1}, {f0, f1, b0, b1}}, {}).has_value());
}

TEST_CASE("idle time is what is left of the step") {
    // P 2, m 1, f 1, b 2, w 3: F0 on stage 0 until 1, on stage 1 until 2, B0 there until 7, on stage 0 until 12.
    const PipelineTimeline timeline =
        pipeline_timeline(test::shape_of(PipelineSchedule::one_forward_one_backward, 2, 1), {1, 2, 3, 0});
    CHECK(timeline.end() == 12);
    CHECK(timeline.busy(0) == 6);
    CHECK(timeline.bubble(0) == 6);       // 1 to 7
    CHECK(timeline.bubble(1) == 0);       // 1 to 7 without a gap
    CHECK(timeline.step_bubble(1) == 6);  // 0 to 1 and 7 to 12
    CHECK(timeline.longest_bubble() == 6);
}
