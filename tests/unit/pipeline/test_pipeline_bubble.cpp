// Orders run with free communication have the bubbles that their authors give in closed form. Times are whole numbers,
// so that sums are exact and may be compared with ==.

#include "tests/unit/pipeline/shapes.h"
#include "workloads/training/pipeline_timeline.h"

#include <catch2/catch.hpp>
#include <string>

using namespace myriad;
using test::shape_of;

namespace {

struct StageTimes {
    double f, b, w;
};

// Equal; backward as long as published measurements (b a little above f, w below); each of the three longest; w above f.
constexpr StageTimes kTimes[] = {{12, 12, 12}, {24, 30, 18}, {36, 24, 24}, {12, 60, 6}, {60, 12, 12},
                                 {60, 36, 48}, {24, 36, 36}, {12, 12, 36}, {36, 60, 48}};
constexpr std::int64_t kStages[] = {1, 2, 3, 4, 5, 8};

PipelineTimeline run(const PipelineShape& shape, const StageTimes& times, double together = 0) {
    const bool interleaved = shape.schedule == PipelineSchedule::interleaved;
    const double parts = interleaved ? static_cast<double>(shape.chunks) : 1;
    return pipeline_timeline(shape, {times.f / parts, times.b / parts, times.w / parts, together});
}

std::string case_text(const PipelineShape& shape, const StageTimes& t) {
    return "P " + std::to_string(shape.stages) + ", v " + std::to_string(shape.chunks) + ", m " +
           std::to_string(shape.micro_batches) + ", f " + std::to_string(t.f) + ", b " + std::to_string(t.b) + ", w " +
           std::to_string(t.w);
}

double ideal(const PipelineShape& shape, const StageTimes& t, double together = 0) {
    return ideal_bubble(shape, t.f, t.b, t.w, together);
}

}  // namespace

TEST_CASE("every stage of GPipe and 1F1B idles (P-1)(f+b+w), whatever the number of micro-batches") {
    // The last stage begins after P-1 forwards and has its last gradient P-1 backwards before the end; nobody waits in
    // between, so each stage loses (P-1)f to its left and (P-1)(b+w) to its right, or to both sides together.
    for (const auto schedule : {PipelineSchedule::gpipe, PipelineSchedule::one_forward_one_backward}) {
        for (const std::int64_t stages : kStages) {
            for (std::int64_t m = 1; m <= 2 * stages + 1; ++m) {
                for (const StageTimes& t : kTimes) {
                    const PipelineShape shape = shape_of(schedule, stages, m);
                    const PipelineTimeline timeline = run(shape, t);
                    CAPTURE(case_text(shape, t));
                    CHECK(ideal(shape, t) == static_cast<double>(stages - 1) * (t.f + t.b + t.w));
                    for (std::size_t stage = 0; stage < timeline.stages.size(); ++stage) {
                        CHECK(timeline.step_bubble(stage) == ideal(shape, t));
                    }
                    CHECK(ideal_step_bubble(shape, t.f, t.b, t.w, 0) == ideal(shape, t));
                }
            }
        }
    }
}

TEST_CASE("v chunks a stage divide the bubble of 1F1B by v") {
    // Filling and draining pass P-1 chunks of 1/v of a stage.
    for (const std::int64_t stages : kStages) {
        for (const std::int64_t chunks : {2, 3, 4}) {
            for (const std::int64_t groups : {1, 2, 3}) {
                for (const StageTimes& t : kTimes) {
                    const PipelineShape shape =
                        shape_of(PipelineSchedule::interleaved, stages, groups * stages, chunks);
                    const PipelineTimeline timeline = run(shape, t);
                    CAPTURE(case_text(shape, t));
                    CHECK(ideal(shape, t) ==
                          static_cast<double>(stages - 1) * (t.f + t.b + t.w) / static_cast<double>(chunks));
                    for (std::size_t stage = 0; stage < timeline.stages.size(); ++stage) {
                        CHECK(timeline.step_bubble(stage) == ideal(shape, t));
                    }
                }
            }
        }
    }
}

// Qi et al. 2023, table 2. The last stage never waits: from the begin (P-1)f to its last input gradient it runs all but
// the d weight gradients that it owes, d = P of H1 and 2P-1 of H2. That gradient passes P-1 stages in (P-1)b, and stage 0
// then runs the weight gradient it owes. So stage 0 ends at (P-1)f + m(f+b+w) - dw + (P-1)b + w, and was idle for
//   (P-1)(f+b) - (d-1)w = (P-1)(f+b-w) or (P-1)(f+b-2w).
// Stage s begins sf later, and its gradient has passed s stages less but it owes s, or 2s, weight gradients more, so it
// is idle for (P-1-s) of these brackets. It cannot hold where fewer than d micro-batches can be owed; nor where w > f:
// behind a first gradient that came (P-1)(b-f) late (H2; (P-1)b of H1), stage 0 has no time left to lose.
TEST_CASE("zero-bubble orders have the published bubble exactly where it is said to hold") {
    for (const auto schedule : {PipelineSchedule::zb_h1, PipelineSchedule::zb_h2}) {
        for (const std::int64_t stages : kStages) {
            for (std::int64_t m = 1; m <= 3 * stages + 1; ++m) {
                for (const StageTimes& t : kTimes) {
                    const PipelineShape shape = shape_of(schedule, stages, m);
                    const PipelineTimeline timeline = run(shape, t);
                    CAPTURE(case_text(shape, t), schedule == PipelineSchedule::zb_h2);
                    const bool holds = ideal_bubble_holds(shape, t.f, t.b, t.w);
                    CHECK(holds == (timeline.longest_bubble() == ideal(shape, t)));
                    // Outside, the order is slower than the formula, never faster.
                    CHECK(timeline.longest_bubble() >= ideal(shape, t));
                    for (std::size_t stage = 0; holds && stage < timeline.stages.size(); ++stage) {
                        const double behind = static_cast<double>(timeline.stages.size() - 1 - stage);
                        CHECK(timeline.bubble(stage) * static_cast<double>(stages - 1) == behind * ideal(shape, t));
                    }
                }
            }
        }
    }
}

TEST_CASE("the zero-bubble closed form begins at P and at 2P-1 micro-batches, and ends at w = f") {
    using enum PipelineSchedule;
    CHECK(ideal_bubble_holds(shape_of(zb_h1, 4, 4), 3, 3, 3));
    CHECK_FALSE(ideal_bubble_holds(shape_of(zb_h1, 4, 3), 3, 3, 3));
    CHECK_FALSE(ideal_bubble_holds(shape_of(zb_h1, 4, 4), 3, 4, 3.5));
    CHECK(ideal_bubble_holds(shape_of(zb_h2, 4, 7), 3, 3, 3));
    CHECK_FALSE(ideal_bubble_holds(shape_of(zb_h2, 4, 6), 3, 3, 3));
    CHECK_FALSE(ideal_bubble_holds(shape_of(zb_h2, 4, 7), 5, 2, 4));  // the bracket would be negative
}

TEST_CASE("ZB-H2 has no bubble between a stage's first pass and its last where f = b = w") {
    for (const std::int64_t stages : kStages) {
        for (std::int64_t m = 2 * stages - 1; m <= 4 * stages; ++m) {
            const PipelineTimeline timeline = run(shape_of(PipelineSchedule::zb_h2, stages, m), {1, 1, 1});
            for (std::size_t stage = 0; stage < timeline.stages.size(); ++stage) {
                CHECK(timeline.bubble(stage) == 0);
            }
            // A barrier at the end costs each stage the (P-1)f by which the last one begins late.
            CHECK(timeline.longest_step_bubble() == static_cast<double>(stages - 1));
        }
    }
}

TEST_CASE("a step with a barrier at its end waits for the last stage, which begins (P-1)f late") {
    for (const auto schedule : {PipelineSchedule::zb_h1, PipelineSchedule::zb_h2}) {
        for (const std::int64_t stages : kStages) {
            for (std::int64_t m = 2 * stages - 1; m <= 3 * stages; ++m) {
                for (const StageTimes& t : kTimes) {
                    if (t.w > t.f) {
                        continue;
                    }
                    const PipelineShape shape = shape_of(schedule, stages, m);
                    CAPTURE(case_text(shape, t));
                    CHECK(run(shape, t).longest_step_bubble() == ideal_step_bubble(shape, t.f, t.b, t.w, 0));
                }
            }
        }
    }
}

// DeepSeek-V3 report, table 2: (PP/2 - 1)(F&B + B - 3W) with B = b + w. The two stages in the middle wait longest: they
// run the most pairs side by side.
TEST_CASE("DualPipe has the published bubble where input gradients are as long as forwards") {
    constexpr StageTimes kEqual[] = {{12, 12, 12}, {12, 12, 9}, {20, 20, 3}};
    for (const std::int64_t stages : {2, 4, 6, 8, 10, 16}) {
        for (const std::int64_t extra : {0, 2, 4, 10}) {
            for (const StageTimes& t : kEqual) {
                const PipelineShape shape = shape_of(PipelineSchedule::dualpipe, stages, 2 * stages + extra);
                // From a forward hidden completely behind the backward to no gain at all.
                for (const double together : {t.b + t.w, t.b + t.w + 1, t.f + t.b + t.w}) {
                    const PipelineTimeline timeline = run(shape, t, together);
                    CAPTURE(case_text(shape, t), together);
                    CHECK(ideal_bubble_holds(shape, t.f, t.b, t.w));
                    CHECK(ideal(shape, t, together) ==
                          (static_cast<double>(stages) / 2 - 1) * (together + (t.b + t.w) - 3 * t.w));
                    CHECK(timeline.longest_step_bubble() == ideal(shape, t, together));
                    CHECK(timeline.step_bubble(timeline.stages.size() / 2) == ideal(shape, t, together));
                    CHECK(timeline.step_bubble(timeline.stages.size() / 2 - 1) == ideal(shape, t, together));
                }
            }
        }
    }
}

TEST_CASE("DualPipe's bubble is below the published one where f < b, and above where f > b or w > f = b") {
    for (const std::int64_t stages : {4, 6, 8, 16}) {
        const PipelineShape shape = shape_of(PipelineSchedule::dualpipe, stages, 2 * stages + 4);
        const auto bubble = [&shape](const StageTimes& t) {
            return run(shape, t, t.b + t.w).longest_step_bubble() - ideal(shape, t, t.b + t.w);
        };
        CHECK(bubble({12, 13, 9}) < 0);
        CHECK(bubble({12, 12, 12}) == 0);
        CHECK(bubble({13, 12, 12}) > 0);
        CHECK(bubble({12, 12, 13}) > 0);
        for (const StageTimes& t : {StageTimes{12, 13, 9}, StageTimes{13, 12, 12}, StageTimes{12, 12, 13}}) {
            CHECK_FALSE(ideal_bubble_holds(shape, t.f, t.b, t.w));
        }
    }
    // Two stages: there is nothing to fill, whatever the times.
    const PipelineShape two = shape_of(PipelineSchedule::dualpipe, 2, 4);
    for (const StageTimes& t : kTimes) {
        CHECK(ideal_bubble_holds(two, t.f, t.b, t.w));
        CHECK(run(two, t, t.f + t.b).longest_step_bubble() == 0);
    }
}
