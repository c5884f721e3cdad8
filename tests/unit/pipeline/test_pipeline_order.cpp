#include "tests/unit/pipeline/shapes.h"

#include <catch2/catch.hpp>

using namespace myriad;
using test::shape_of;
using test::text_of;

TEST_CASE("GPipe runs all forwards, then all backwards, on every stage") {
    const PipelineShape shape = shape_of(PipelineSchedule::gpipe, 2, 3);
    CHECK(text_of(shape, 0) == "F0 F1 F2 B0 B1 B2");
    CHECK(text_of(shape, 1) == "F0 F1 F2 B0 B1 B2");
}

TEST_CASE("1F1B warms up with a forward for each stage behind") {
    // P - stage - 1 = 2, 1, 0 forwards first.
    const PipelineShape shape = shape_of(PipelineSchedule::one_forward_one_backward, 3, 4);
    CHECK(text_of(shape, 0) == "F0 F1 F2 B0 F3 B1 B2 B3");
    CHECK(text_of(shape, 1) == "F0 F1 B0 F2 B1 F3 B2 B3");
    CHECK(text_of(shape, 2) == "F0 B0 F1 B1 F2 B2 F3 B3");
    // Fewer micro-batches than stages: no more forwards than there are.
    CHECK(text_of(shape_of(PipelineSchedule::one_forward_one_backward, 4, 2), 0) == "F0 F1 B0 B1");
}

TEST_CASE("interleaved takes groups of P micro-batches through one chunk after the other") {
    // Forwards: chunk 0 of 0 1, chunk 1 of 0 1, chunk 0 of 2 3, chunk 1 of 2 3; backwards the same with chunk 1 first.
    // Warm-up of stage 0: 2 (2 - 0 - 1) + (2 - 1) 2 = 4 forwards; of stage 1: 2.
    const PipelineShape shape = shape_of(PipelineSchedule::interleaved, 2, 4, 2);
    CHECK(text_of(shape, 0) == "F0.0 F1.0 F0.1 F1.1 F2.0 B0.1 F3.0 B1.1 F2.1 B0.0 F3.1 B1.0 B2.1 B3.1 B2.0 B3.0");
    CHECK(text_of(shape, 1) == "F0.0 F1.0 F0.1 B0.1 F1.1 B1.1 F2.0 B0.0 F3.0 B1.0 F2.1 B2.1 F3.1 B3.1 B2.0 B3.0");
    // One group: stage 0 would run 6 + 3 ahead, and has 6 forwards in all.
    CHECK(text_of(shape_of(PipelineSchedule::interleaved, 3, 3, 2), 0) ==
          "F0.0 F1.0 F2.0 F0.1 F1.1 F2.1 B0.1 B1.1 B2.1 B0.0 B1.0 B2.0");
}

TEST_CASE("ZB-H1 puts off the weight gradients of as many micro-batches as there are stages before") {
    // Qi et al. 2023, figure 3: warm-up P - stage, weight gradients `stage` micro-batches behind.
    const PipelineShape shape = shape_of(PipelineSchedule::zb_h1, 3, 4);
    CHECK(text_of(shape, 0) == "F0 F1 F2 I0 W0 F3 I1 W1 I2 W2 I3 W3");
    CHECK(text_of(shape, 1) == "F0 F1 I0 F2 I1 W0 F3 I2 W1 I3 W2 W3");
    CHECK(text_of(shape, 2) == "F0 I0 F1 I1 F2 I2 W0 F3 I3 W1 W2 W3");
}

TEST_CASE("ZB-H2 runs ahead until the first gradient is there") {
    // Warm-up 2 (P - stage) - 1 = 3, 1; weight gradients 2 stage = 0, 2 micro-batches behind.
    const PipelineShape shape = shape_of(PipelineSchedule::zb_h2, 2, 4);
    CHECK(text_of(shape, 0) == "F0 F1 F2 I0 W0 F3 I1 W1 I2 W2 I3 W3");
    CHECK(text_of(shape, 1) == "F0 I0 F1 I1 F2 I2 W0 F3 I3 W1 W2 W3");
}

TEST_CASE("DualPipe of four stages follows the eight steps") {
    // P = 4, H = 2, m = 8: micro-batches 0-3 from stage 0 on chunk 0, 4-7 from stage 3 on chunk 1.
    const PipelineShape shape = shape_of(PipelineSchedule::dualpipe, 4, 8);
    // Stage 0, h = 0, near is chunk 0. Steps: 1: 2 F near. 2: F near, F far. 3: I far, W far, F far. 4: once, since
    // m/2 - P + h + 1 = 1. 5: once. 6: B far, I near. 7: W, I near. 8: W.
    CHECK(text_of(shape, 0) ==
          "F0.0 F1.0 F2.0 F4.1 I4.1 W4.1 F5.1 "  // 1, 2, 3
          "F3.0+B5.1 F6.1+B0.0 B6.1 F7.1+B1.0 "  // 4, 5
          "B7.1 I2.0 W2.0 I3.0 W3.0");           // 6, 7, 8
    // Stage 1, h = 1: 1: none. 2: twice. 3: none. 4: twice, the first pair not side by side as the stage is in the
    // middle. 5: none. 6: twice, the second time without weight gradients. 7: none. 8: two W.
    CHECK(text_of(shape, 1) ==
          "F0.0 F4.1 F1.0 F5.1 "
          "F2.0 B4.1 F6.1+B0.0 F3.0+B5.1 F7.1+B1.0 "
          "B6.1 B2.0 I7.1 I3.0 W7.1 W3.0");
    // Stage 3 is the mirror image of stage 0: chunk 1 for chunk 0, 4-7 for 0-3.
    CHECK(text_of(shape, 3) ==
          "F4.1 F5.1 F6.1 F0.0 I0.0 W0.0 F1.0 F7.1+B1.0 F2.0+B4.1 B2.0 F3.0+B5.1 B3.0 I6.1 W6.1 I7.1 W7.1");
}

TEST_CASE("paths lead through stages and chunks, and positions lead back") {
    const PipelineShape interleaved = shape_of(PipelineSchedule::interleaved, 4, 8, 3);
    CHECK(path_length(interleaved) == 12);
    CHECK(place_at(interleaved, 0, 5) == ChunkPlace{1, 1});  // 5 = 1 x 4 + 1
    CHECK(position_of(interleaved, {3, 2}) == 11);
    const PipelineShape dualpipe = shape_of(PipelineSchedule::dualpipe, 4, 8);
    CHECK(path_length(dualpipe) == 4);
    CHECK(place_at(dualpipe, 3, 0) == ChunkPlace{0, 0});
    CHECK(place_at(dualpipe, 4, 0) == ChunkPlace{3, 1});
    CHECK(position_of(dualpipe, {0, 1}) == 3);
    CHECK(place_at(shape_of(PipelineSchedule::zb_h2, 4, 8), 7, 2) == ChunkPlace{2, 0});
}

TEST_CASE("a shape that a schedule cannot have is told what is expected") {
    using enum PipelineSchedule;
    CHECK(problem_of(shape_of(gpipe, 0, 4)) == "0 pipeline stages, expected at least 1");
    CHECK(problem_of(shape_of(gpipe, 4, 0)) == "0 micro-batches, expected at least 1");
    CHECK(problem_of(shape_of(zb_h1, 4, 8, 2)) ==
          "2 chunks a stage, expected 1 of this schedule; only interleaved takes any number");
    CHECK(problem_of({.schedule = dualpipe, .stages = 4, .chunks = 1, .micro_batches = 8}) ==
          "1 chunks a stage, expected 2 of this schedule; only interleaved takes any number");
    CHECK(problem_of(shape_of(interleaved, 4, 8, 1)) == "interleaved has 1 chunks a stage, expected at least 2");
    CHECK(problem_of(shape_of(interleaved, 4, 6, 2)) ==
          "interleaved has 6 micro-batches, expected a multiple of its 4 stages");
    CHECK(problem_of(shape_of(dualpipe, 3, 8)) == "dualpipe has 3 stages, expected an even number");
    CHECK(problem_of(shape_of(dualpipe, 4, 9)) ==
          "dualpipe has 9 micro-batches, expected an even number: half from either end");
    CHECK(problem_of(shape_of(dualpipe, 4, 6)) ==
          "dualpipe has 6 micro-batches, expected at least 8, two for each of 4 stages");
    CHECK(problem_of(shape_of(dualpipe, 4, 8)).empty());
    CHECK(problem_of(shape_of(interleaved, 4, 8, 2)).empty());
    CHECK(problem_of(shape_of(one_forward_one_backward, 1, 1)).empty());
}
