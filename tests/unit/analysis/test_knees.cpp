// Curves of every shape.

#include "tests/unit/analysis/made_sweep.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace myriad;
using namespace myriad::test;
using Catch::Contains;

namespace {

Knee knee_of(const std::vector<double>& x, const std::vector<double>& y, const std::string& metric = "busbw") {
    const SweepOutcome outcome = made_sweep({number_axis("total", x)}, {metric}, [&](const Choice& choice) {
        return y[choice[0]] < 0.0 ? MadeValues{} : MadeValues{{metric, y[choice[0]]}};
    });
    const Analysis analysis = analyse(outcome);
    REQUIRE(analysis.knees.size() == 1);
    return analysis.knees[0];
}

}  // namespace

TEST_CASE("a curve that flattens has its knee where doublings stop to gain 10 %") {
    // 200 -> 400 gains 60 %, 400 -> 800 4 %.
    const Knee knee = knee_of({200, 400, 800}, {100, 160, 166.4});
    CHECK(knee.at == 400.0);
    CHECK(knee.share_there == Approx(160 / 166.4));
    CHECK(knee.last_doubling == Approx(1.04));
    CHECK(knee.points == std::vector<std::size_t>{0, 1, 2});
    CHECK(knee.sentence ==
          "busbw stops following total at 400: from there a doubling gains 4.0 %, and 96 % of the best is reached");
}

TEST_CASE("a doubling between points is read off a line in ln-ln") {
    // Four times the x gives 1.21 times the y: a doubling the root of it, exactly 10 %, which is still followed; with
    // 1.2 it is 9.5 % and the knee is at the first point.
    CHECK_FALSE(knee_of({100, 400}, {100, 121.01}).at.has_value());
    const Knee knee = knee_of({100, 400}, {100, 120});
    CHECK(knee.at == 100.0);
    CHECK(knee.last_doubling == Approx(std::sqrt(1.2)));
    CHECK_THAT(knee.sentence,
               Contains("hardly follows total: no doubling from 100 to 400 gains 10 %, all of them 20 %"));
}

TEST_CASE("steps smaller than a doubling are judged by whole doublings") {
    // Proportional up to 300, then constant: from 300 on nothing; from 200 a doubling still gains a half.
    const Knee knee = knee_of({100, 200, 300, 400, 500, 600}, {1, 2, 3, 3, 3, 3});
    CHECK(knee.at == 300.0);
    CHECK(knee.share_there == Approx(1.0));
    CHECK(knee.last_doubling == Approx(1.0));
    CHECK_THAT(knee.sentence, Contains("a doubling gains nothing, and 100 % of the best is reached"));
}

TEST_CASE("a curve that still grows at its end has no knee") {
    const Knee knee = knee_of({100, 200, 400}, {10, 19, 36});
    CHECK_FALSE(knee.at.has_value());
    CHECK(knee.last_doubling == Approx(36.0 / 19.0));  // 1.895
    CHECK(knee.sentence == "busbw still follows total at 400: the last doubling gains 89 %");
}

TEST_CASE("a flat curve has its knee at the start, in words that say so") {
    CHECK(knee_of({1, 2, 4}, {5, 5, 5}).sentence == "busbw does not depend on total from 1 to 4");
    const Knee knee = knee_of({1, 2, 4}, {5.0, 5.02, 5.01});
    CHECK(knee.at == 1.0);
    CHECK(knee.sentence == "busbw hardly depends on total: from 1 to 4 it varies by 0.4 %");
}

TEST_CASE("a falling curve says what is best") {
    const Knee knee = knee_of({1, 2, 4}, {8, 6, 4});
    CHECK(knee.at == 1.0);
    CHECK(knee.share_there == Approx(1.0));
    CHECK(knee.sentence == "busbw gets worse with total: 1 is best, 4 has 50 % of it");
}

TEST_CASE("a dip is no knee if the curve recovers") {
    CHECK_FALSE(knee_of({1, 2, 4, 8}, {4, 8, 7, 14}).at.has_value());
    // A rise, then a fall to the end: the top is the knee.
    const Knee knee = knee_of({1, 2, 4, 8}, {4, 8, 7, 6});
    CHECK(knee.at == 2.0);
    CHECK(knee.share_there == Approx(1.0));
    CHECK(knee.last_doubling == Approx(6.0 / 7.0));
}

TEST_CASE("where lower is better the curve is one of speed") {
    // 100, 60, 57.7: speeds 1, 1.667, 1.733; the last doubling gains 4 %.
    const Knee knee = knee_of({200, 400, 800}, {100, 60, 60 / 1.04}, "step_time");
    CHECK(knee.at == 400.0);
    CHECK(knee.last_doubling == Approx(1.04));
    CHECK(knee.share_there == Approx(1 / 1.04));
}

TEST_CASE("values in any order, with a failure between them") {
    const Knee knee = knee_of({800, 200, 300, 400}, {166.4, 100, -1, 160});
    CHECK(knee.at == 400.0);
    CHECK(knee.points == std::vector<std::size_t>{1, 3, 0});
}

TEST_CASE("one value that ran is no curve") {
    const SweepOutcome outcome = made_sweep({number_axis("total", {1, 2})}, {"busbw"}, [](const Choice& choice) {
        return choice[0] == 0 ? MadeValues{{"busbw", 1.0}} : MadeValues{};
    });
    CHECK(analyse(outcome).knees.empty());
}

TEST_CASE("knees are told per combination of the other axes") {
    const SweepOutcome outcome = made_sweep(
        {axis("wiring", {"mesh", "ring"}), number_axis("total", {1, 2})}, {"busbw"}, [](const Choice& choice) {
            return MadeValues{{"busbw", choice[0] == 0 ? 1.0 + static_cast<double>(choice[1]) : 1.0}};
        });
    const Analysis analysis = analyse(outcome);
    REQUIRE(analysis.knees.size() == 2);
    CHECK(analysis.knees[0].combination == "wiring mesh");
    CHECK_FALSE(analysis.knees[0].at.has_value());
    CHECK(analysis.knees[1].sentence == "wiring ring: busbw does not depend on total from 1 to 2");
}
