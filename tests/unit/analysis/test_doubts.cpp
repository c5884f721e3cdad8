// What a sweep warns of.

#include "tests/unit/analysis/made_sweep.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;

TEST_CASE("an axis without effect at one load is told there, without any everywhere") {
    const SweepOutcome outcome =
        made_sweep({axis("total", {"1", "2"}), axis("seed", {"1", "2"}),
                    axis("workload", {"training", "all-to-all"}, AxisRole::load)},
                   {"busbw"}, [](const Choice& choice) {
                       return MadeValues{{"busbw", choice[2] == 1 && choice[0] == 1 ? 2.0 : 1.0}};
                   });
    const std::vector<std::string> warnings = analyse(outcome).warnings;
    CHECK(has_text(warnings, "axis 'seed' had no effect on busbw at any point"));
    CHECK(has_text(warnings, "axis 'total' had no effect where workload is training"));
    CHECK_FALSE(has_text(warnings, "axis 'total' had no effect on"));
    CHECK_FALSE(has_text(warnings, "all-to-all"));
}

TEST_CASE("points of one key are the same system") {
    SweepOutcome outcome = made_sweep({axis("a", {"1", "2", "3", "4", "5"})}, {"busbw"}, [](const Choice& choice) {
        return MadeValues{{"busbw", 1.0 + static_cast<double>(choice[0] % 2)}};
    });
    outcome.points[0].key = outcome.points[2].key = "x";
    outcome.points[1].key = "y";
    CHECK(has_text(analyse(outcome).warnings, "points 0 and 2 are the same system"));
    outcome.points[4].key = "x";
    CHECK(has_text(analyse(outcome).warnings, "3 points are the same system: 0 = 2 = 4"));
    outcome.points[3].key = "y";
    CHECK(has_text(analyse(outcome).warnings, "2 groups of points are the same system: 0 = 2 = 4; 1 = 3"));
}

TEST_CASE("columns without a value, and values at which nothing ran") {
    SweepOutcome outcome = made_sweep(
        {axis("wiring", {"mesh", "ring"}), axis("links", {"divided", "fixed"}), axis("size", {"1", "2"})}, {"busbw"},
        [](const Choice& choice) {
            return choice[0] == 0 && choice[1] == 1 ? MadeValues{}
                                                    : MadeValues{{"busbw", static_cast<double>(1 + choice[2])}};
        });
    outcome.sweep.columns.push_back("hops");
    std::vector<std::string> warnings = analyse(outcome).warnings;
    CHECK(has_text(warnings, "column 'hops' has no value at any point"));
    CHECK(has_text(warnings, "every point with wiring = mesh and links = fixed failed"));
    CHECK_FALSE(has_text(warnings, "every point with wiring = mesh failed"));
    for (std::size_t i = 0; i < 4; ++i) {
        set_values(outcome.points[i], {});  // all of wiring = mesh
    }
    warnings = analyse(outcome).warnings;
    CHECK(has_text(warnings, "every point with wiring = mesh failed"));
    CHECK_FALSE(has_text(warnings, "links = fixed"));  // follows from it
}

TEST_CASE("a best point at the end of an axis asks for a wider range") {
    const auto warnings = [](double last) {
        return analyse(
                   made_sweep(
                       {number_axis("total", {1, 2, 4})}, {"busbw"},
                       [&](const Choice& choice) {
                           return MadeValues{{"busbw", choice[0] == 2 ? last : 1.0 + static_cast<double>(choice[0])}};
                       }))
            .warnings;
    };
    CHECK(has_text(warnings(3.0), "the best lies at the largest total, 4: the range may be too small"));
    CHECK_FALSE(has_text(warnings(2.01), "the best lies"));  // gains half a percent
    CHECK_FALSE(has_text(warnings(1.5), "the best lies"));   // 2 is best
}

TEST_CASE("where all points failed the analysis says so and no more") {
    const Analysis analysis =
        analyse(made_sweep({axis("a", {"1", "2"})}, {"busbw"}, [](const Choice&) { return MadeValues{}; }));
    CHECK(analysis.headline == "No design can be ranked: 2 of 2 points failed");
    CHECK(analysis.effects.empty());
    CHECK(analysis.fronts.empty());
    CHECK(analysis.warnings.empty());
}
