// Axes of role tuning: a design stands with its best value of them, at each load its own.

#include "tests/unit/analysis/made_sweep.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace myriad;
using namespace myriad::test;

namespace {

// Step times (lower is better) of chips by plan, and bandwidths (higher is better):
//            step_time        busbw
//            p    q           p    q
//     a     10    8          30   20
//     b      6    -          10   40
// Best: a 8 (q) and 30 (p); b 6 (p; q failed) and 40 (q).
SweepOutcome tuned() {
    constexpr double kTime[2][2] = {{10.0, 8.0}, {6.0, 0.0}};
    constexpr double kBandwidth[2][2] = {{30.0, 20.0}, {10.0, 40.0}};
    return made_sweep({axis("chip", {"a", "b"}), axis("plan", {"p", "q"}, AxisRole::tuning),
                       axis("workload", {"t", "c"}, AxisRole::load)},
                      {"step_time", "busbw"}, [&](const Choice& c) -> MadeValues {
                          if (c[2] == 1) {
                              return {{"busbw", kBandwidth[c[0]][c[1]]}};
                          }
                          const double time = kTime[c[0]][c[1]];
                          return time == 0.0 ? MadeValues{} : MadeValues{{"step_time", time}};
                      });
}

}  // namespace

TEST_CASE("a design is ranked with its best tuning at each load, and its name does not depend on it") {
    SweepOutcome outcome = tuned();
    outcome.sweep.baseline = Choice{0, 0, 0};
    const Ranking ranking = analyse(outcome).ranking.value();
    REQUIRE(ranking.designs.size() == 2);
    const RankedDesign& b = ranking.designs[0];
    const RankedDesign& a = ranking.designs[1];
    CHECK(b.name == "chip b");
    CHECK(b.title() == "chip b");  // two tunings
    CHECK(b.tunings == std::vector<std::string>{"plan p", "plan q"});
    CHECK(b.values[0].value() == 6.0);
    CHECK(b.values[1].value() == 40.0);
    CHECK(a.tunings == std::vector<std::string>{"plan q", "plan p"});
    // Points are numbered 4 chip + 2 plan + load.
    CHECK(a.points[0] == 2U);
    CHECK(a.points[1] == 1U);
    // 8 / 6 and 40 / 30: both 4/3.
    CHECK(b.score.value() == Approx(4.0 / 3.0));
}

TEST_CASE("effects compare designs with their best tuning") {
    const Analysis analysis = analyse(tuned());
    REQUIRE(analysis.effects.size() == 2);  // of the chip, at two loads; none of the plan
    for (const AxisEffect& effect : analysis.effects) {
        CHECK(effect.axis == 0);
        CHECK(effect.spread == Approx(4.0 / 3.0));
        CHECK(effect.combinations == 1);
    }
}

TEST_CASE("the title names the tuning under one load; a tuning that breaks a constraint gives way") {
    SweepOutcome outcome = made_sweep({axis("chip", {"a"}), axis("plan", {"p", "q", "r"}, AxisRole::tuning)},
                                      {"step_time"}, [](const Choice& c) {
                                          return MadeValues{{"step_time", 10.0 - static_cast<double>(c[1])},
                                                            {"memory_share", 0.5 + 0.2 * static_cast<double>(c[1])}};
                                      });
    CHECK(analyse(outcome).ranking->designs[0].title() == "chip a (plan r)");
    outcome.sweep.constraints = {{.metric = "memory_share", .least = {}, .most = 0.75, .text = "memory_share <= 0.75"}};
    CHECK(analyse(outcome).ranking->designs[0].title() == "chip a (plan q)");
    CHECK(analyse(outcome).ranking->designs[0].values[0].value() == 9.0);
    // No plan keeps it: the best of all is told with what it breaks.
    outcome.sweep.constraints[0].most = 0.1;
    CHECK(analyse(outcome).ranking->designs[0].excluded == "memory_share is 90.00 %, wanted memory_share <= 0.75");
}

TEST_CASE("values that give the same results where another axis has a label are told in one warning") {
    const auto outcome = [](bool everywhere) {
        return made_sweep({axis("wiring", {"ring", "switch"}), axis("links", {"divided", "fixed"}),
                           axis("workload", {"t", "c"}, AxisRole::load)},
                          {"busbw"}, [&](const Choice& c) {
                              const bool same = everywhere || c[0] == 1;
                              return MadeValues{{"busbw", 1.0 + static_cast<double>(c[0]) +
                                                              (same ? 0.0 : 0.5 * static_cast<double>(c[1]))}};
                          });
    };
    CHECK(
        has_text(analyse(outcome(false)).warnings,
                 "links = divided and fixed give the same results where wiring = switch: one system under two names"));
    // Everywhere: an axis without effect, which has a warning of its own.
    CHECK_FALSE(has_text(analyse(outcome(true)).warnings, "give the same results"));
    CHECK(has_text(analyse(outcome(true)).warnings, "axis 'links' had no effect"));
    // One key: told by the numbers of the points.
    SweepOutcome keyed = outcome(false);
    for (const std::size_t point : {std::size_t{4}, std::size_t{6}}) {
        keyed.points[point].key = "k";
        keyed.points[point + 1].key = "l";
    }
    CHECK_FALSE(has_text(analyse(keyed).warnings, "give the same results"));
}

TEST_CASE("knees of many designs are one sentence a load") {
    // training is as fast as its total up to 2, ring up to 4, then flat; busbw always follows.
    SweepOutcome outcome = made_sweep(
        {axis("wiring", {"ring", "switch"}), number_axis("total", {1, 2, 4, 8}),
         axis("load", {"training", "all-reduce"}, AxisRole::load)},
        {"tokens_per_second", "busbw"}, [](const Choice& c) -> MadeValues {
            const double total = std::exp2(static_cast<double>(c[1]));
            const double scale = c[0] == 0 ? 1.0 : 3.0;
            return c[2] == 0 ? MadeValues{{"tokens_per_second", scale * std::min(total, c[0] == 0 ? 4.0 : 2.0)}}
                             : MadeValues{{"busbw", scale * total}};
        });
    outcome.sweep.baseline = Choice{0, 0, 0};
    const Analysis analysis = analyse(outcome);
    REQUIRE(analysis.knee_summary.size() == 2);
    CHECK(
        analysis.knee_summary[0] ==
        "training: tokens_per_second stops following total at 2 with wiring switch (best), where 100 % of its best is "
        "reached, stops following total at 4 with wiring ring (baseline), where 100 % of its best is reached; over all "
        "2 designs between 2 and 4");
    CHECK(analysis.knee_summary[1] ==
          "all-reduce: busbw follows total to the end of the range (8) for all 2 designs: a doubling gains 100 %");
    CHECK(analysis.knees.size() == 4);
}
