// Main effects by hand, and what does not change them.

#include "tests/unit/analysis/made_sweep.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace myriad;
using namespace myriad::test;

namespace {

const AxisEffect& effect_of(const Analysis& analysis, std::size_t axis) {
    return *std::find_if(analysis.effects.begin(), analysis.effects.end(),
                         [&](const AxisEffect& effect) { return effect.axis == axis; });
}

// 1, 2, 4, 16 for (a, b) = 00, 01, 10, 11; logarithms to base 2: 0, 1, 2, 4.
SweepOutcome two_by_two() {
    constexpr double kValues[] = {1.0, 2.0, 4.0, 16.0};
    return made_sweep({axis("a", {"0", "1"}), axis("b", {"0", "1"})}, {"busbw"}, [&](const Choice& choice) {
        return MadeValues{{"busbw", kValues[2 * choice[0] + choice[1]]}};
    });
}

}  // namespace

TEST_CASE("main effects of a table of two by two") {
    const Analysis analysis = analyse(two_by_two());
    // In base 2: a goes from (0 + 1) / 2 to (2 + 4) / 2, by 2.5; b from 1 to 2.5, by 1.5. The mean is 1.75, so that
    // all squares are 1.75^2 + 0.75^2 + 0.25^2 + 2.25^2 = 8.75; those of a 4 x 1.25^2 = 6.25, of b 4 x 0.75^2 = 2.25.
    const AxisEffect& a = effect_of(analysis, 0);
    CHECK(a.combinations == 2);
    CHECK_FALSE(a.fitted);
    CHECK(a.spread == Approx(std::exp2(2.5)));
    CHECK(a.levels[0].value() == Approx(std::exp2(-1.25)));
    CHECK(a.levels[1].value() == Approx(std::exp2(1.25)));
    CHECK(a.share == Approx(6.25 / 8.75));
    const AxisEffect& b = effect_of(analysis, 1);
    CHECK(b.spread == Approx(std::exp2(1.5)));
    CHECK(b.share == Approx(2.25 / 8.75));
    CHECK(analysis.effects[0].axis == 0);  // largest share first
}

TEST_CASE("a missing point takes its combination out of the comparison") {
    SweepOutcome outcome =
        made_sweep({axis("a", {"0", "1"}), axis("b", {"0", "1", "2"})}, {"busbw"}, [&](const Choice& c) {
            // Doubles with a, whatever b is; b = 2 fails for a = 1.
            return c[0] == 1 && c[1] == 2 ? MadeValues{} : MadeValues{{"busbw", std::exp2(c[0]) * std::pow(3.0, c[1])}};
        });
    const AxisEffect a = effect_of(analyse(outcome), 0);
    CHECK(a.combinations == 2);
    CHECK(a.spread == Approx(2.0));
    // Of four points log 1, 3, 2, 6: squares of a 4 x (ln 2 / 2)^2, of b 4 x (ln 3 / 2)^2.
    CHECK(a.share == Approx(std::pow(std::log(2.0), 2) / (std::pow(std::log(2.0), 2) + std::pow(std::log(3.0), 2))));
}

TEST_CASE("a value at which nothing ran has no level and spoils nothing") {
    const SweepOutcome outcome =
        made_sweep({axis("a", {"0", "1", "2"}), axis("b", {"0", "1"})}, {"busbw"}, [](const Choice& c) {
            return c[0] == 1 ? MadeValues{} : MadeValues{{"busbw", 1.0 + static_cast<double>(c[0])}};
        });
    const AxisEffect a = effect_of(analyse(outcome), 0);
    CHECK_FALSE(a.levels[1].has_value());
    CHECK(a.combinations == 2);
    CHECK(a.spread == Approx(3.0));
    CHECK(a.share == Approx(1.0));
}

TEST_CASE("a sample of a grid is fitted, and an additive truth is found again") {
    // 5 x 5, only points with a + b even: no line along an axis is whole. ln(value) = a ln 2 + b ln 1.1.
    SweepOutcome outcome = made_sweep({axis("a", {"0", "1", "2", "3", "4"}), axis("b", {"0", "1", "2", "3", "4"})},
                                      {"step_time"}, [](const Choice& c) {
                                          return MadeValues{{"step_time", std::exp2(c[0]) * std::pow(1.1, c[1])}};
                                      });
    std::erase_if(outcome.points, [](const SweepPointResult& point) {
        return (point.point.choice[0] + point.point.choice[1]) % 2 == 1;
    });
    const Analysis analysis = analyse(outcome);
    // 13 points, 1 + 4 + 4 figures: 2 x 13 < 3 x 9, too few.
    CHECK(analysis.effects.empty());

    SweepOutcome more = made_sweep({axis("a", {"0", "1", "2"}), axis("b", {"0", "1", "2", "3", "4", "5", "6", "7"})},
                                   {"step_time"}, [](const Choice& c) {
                                       return MadeValues{{"step_time", std::exp2(c[0]) * std::pow(1.1, c[1])}};
                                   });
    // Of every b one a is left out, in turn: no combination is whole along a, 16 points, 1 + 2 + 7 figures.
    std::erase_if(more.points,
                  [](const SweepPointResult& point) { return point.point.choice[1] % 3 == point.point.choice[0]; });
    const AxisEffect a = effect_of(analyse(more), 0);
    CHECK(a.fitted);
    CHECK(a.combinations == 0);
    CHECK(a.spread == Approx(4.0).epsilon(1e-6));
    CHECK(a.levels[1].value() == Approx(1.0).epsilon(1e-6));
}

TEST_CASE("the order of points and of axes changes no effect, a factor on all values no gain") {
    const SweepOutcome outcome = two_by_two();
    SweepOutcome reversed = outcome;
    std::reverse(reversed.points.begin(), reversed.points.end());
    for (std::size_t i = 0; i < reversed.points.size(); ++i) {
        reversed.points[i].point.index = i;
    }
    SweepOutcome swapped = outcome;
    std::swap(swapped.sweep.axes[0], swapped.sweep.axes[1]);
    SweepOutcome scaled = outcome;
    for (SweepPointResult& point : swapped.points) {
        std::swap(point.point.choice[0], point.point.choice[1]);
    }
    for (SweepPointResult& point : scaled.points) {
        *point.values[*find_metric("busbw")] *= 1e9;
    }
    const Analysis first = analyse(outcome);
    for (const SweepOutcome* other : {&reversed, &swapped, &scaled}) {
        const Analysis again = analyse(*other);
        REQUIRE(again.ranking->designs.size() == 4);
        for (std::size_t axis = 0; axis < 2; ++axis) {
            const AxisEffect& there = effect_of(again, other == &swapped ? 1 - axis : axis);
            CHECK(there.share == Approx(effect_of(first, axis).share));
            CHECK(there.spread == Approx(effect_of(first, axis).spread));
        }
        for (std::size_t i = 0; i < 4; ++i) {
            CHECK(again.ranking->designs[i].score.value() == Approx(first.ranking->designs[i].score.value()));
        }
    }
}

TEST_CASE("10,000 points are analysed") {
    // 10 x 10 x 10 x 10 without a square of the number of points: this case alone would take minutes otherwise.
    const std::vector<double> ten{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    SweepOutcome outcome =
        made_sweep({number_axis("a", ten), number_axis("b", ten), number_axis("c", ten), number_axis("d", ten)},
                   {"busbw"}, [](const Choice& c) {
                       return MadeValues{{"busbw", static_cast<double>((c[0] + 1) * (c[1] + 1))}};
                   });
    const Analysis analysis = analyse(outcome);
    CHECK(analysis.ranking->designs.size() == 10'000);
    CHECK(analysis.effects.size() == 4);
    CHECK(analysis.knees.size() == 4'000);
    CHECK(has_text(analysis.warnings, "axis 'c' had no effect on busbw at any point"));
    CHECK_FALSE(has_text(analysis.warnings, "axis 'a' had no effect"));
}
