// Ranking, gains, exclusion and fronts on tables worked out by hand.

#include "tests/unit/analysis/made_sweep.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace myriad;
using namespace myriad::test;
using Catch::Contains;

namespace {

// Two designs a and b and two loads. Load t is judged by step_time (lower), load c by busbw (higher).
//           t: step_time   c: busbw
//     a         100           50
//     b          80           60
//     c          50           40
SweepOutcome two_loads() {
    constexpr double kTime[] = {100.0, 80.0, 50.0};
    constexpr double kBandwidth[] = {50.0, 60.0, 40.0};
    return made_sweep({axis("chip", {"a", "b", "c"}), axis("workload", {"t", "c"}, AxisRole::load)},
                      {"step_time", "busbw"}, [&](const Choice& choice) -> MadeValues {
                          return choice[1] == 0 ? MadeValues{{"step_time", kTime[choice[0]]}}
                                                : MadeValues{{"busbw", kBandwidth[choice[0]]}};
                      });
}

std::vector<std::string> names(const Ranking& ranking) {
    std::vector<std::string> names;
    for (const RankedDesign& design : ranking.designs) {
        names.push_back(design.name);
    }
    return names;
}

}  // namespace

TEST_CASE("designs are ranked by the geometric mean of gains over loads, each with its own metric") {
    SweepOutcome outcome = two_loads();
    outcome.sweep.baseline = Choice{0, 1};
    const Ranking ranking = analyse(outcome).ranking.value();
    CHECK(ranking.loads == std::vector<std::string>{"workload t", "workload c"});
    CHECK(all_metrics()[ranking.metrics[0]].name == "step_time");
    CHECK(all_metrics()[ranking.metrics[1]].name == "busbw");
    CHECK(ranking.against_baseline);
    CHECK(ranking.reference == "chip a");
    // Gains against a: b 100/80 = 1.25 and 60/50 = 1.2, mean sqrt(1.5); c 2 and 0.8, mean sqrt(1.6).
    REQUIRE(names(ranking) == std::vector<std::string>{"chip c", "chip b", "chip a"});
    CHECK(ranking.designs[0].score.value() == Approx(std::sqrt(1.6)));
    CHECK(ranking.designs[0].gains[0].value() == Approx(2.0));
    CHECK(ranking.designs[0].gains[1].value() == Approx(0.8));
    CHECK(ranking.designs[1].score.value() == Approx(std::sqrt(1.5)));
    CHECK(ranking.designs[2].score.value() == Approx(1.0));
    // sqrt(1.6) = 1.2649
    CHECK(analyse(outcome).headline == "chip c is best: 1.26 times the baseline (chip a)");
}

TEST_CASE("without a baseline gains are against the best") {
    const Ranking ranking = analyse(two_loads()).ranking.value();
    CHECK_FALSE(ranking.against_baseline);
    CHECK(ranking.reference == "chip c");
    CHECK(ranking.designs[0].score.value() == Approx(1.0));
    CHECK(ranking.designs[1].score.value() == Approx(std::sqrt(1.5 / 1.6)));
}

TEST_CASE("a design that failed, was left or breaks a constraint is excluded with its reason") {
    SweepOutcome outcome = made_sweep({axis("chip", {"a", "b", "c", "d"})}, {"step_time"}, [](const Choice& choice) {
        return choice[0] == 1 ? MadeValues{}
                              : MadeValues{{"step_time", 10.0 + static_cast<double>(choice[0])},
                                           {"memory_share", choice[0] == 0 ? 0.95 : 0.5}};
    });
    outcome.sweep.constraints = {{.metric = "memory_share", .least = {}, .most = 0.9, .text = "memory_share <= 0.9"}};
    outcome.sweep.stages = {{.name = "analytic", .overrides = {}, .keep = 0.5}, {.name = "packet", .overrides = {}}};
    for (SweepPointResult& point : outcome.points) {
        point.stage = point.point.index == 2 ? 0 : 1;
    }
    const Ranking ranking = analyse(outcome).ranking.value();
    REQUIRE(names(ranking) == std::vector<std::string>{"chip d", "chip a", "chip b", "chip c"});
    CHECK(ranking.designs[0].excluded.empty());
    CHECK(ranking.designs[1].excluded == "memory_share is 95.00 %, wanted memory_share <= 0.9");
    CHECK(ranking.designs[2].excluded == "failed: does not fit");
    CHECK(ranking.designs[3].excluded == "left at stage analytic");
    CHECK_FALSE(ranking.designs[3].values[0].has_value());  // of another fidelity
}

TEST_CASE("a baseline without a result is told, and gains are against the best") {
    SweepOutcome outcome = made_sweep({axis("chip", {"a", "b"})}, {"step_time"}, [](const Choice& choice) {
        return choice[0] == 0 ? MadeValues{} : MadeValues{{"step_time", 10.0}};
    });
    outcome.sweep.baseline = Choice{0};
    const Analysis analysis = analyse(outcome);
    CHECK_FALSE(analysis.ranking->against_baseline);
    CHECK(
        has_text(analysis.warnings, "the baseline is no reference, gains are against the best design: chip a failed"));
}

TEST_CASE("zeros can be ranked under one load, and have no ratio") {
    const SweepOutcome outcome =
        made_sweep({axis("chip", {"a", "b", "c"})}, {"exposed_data"}, [](const Choice& choice) {
            return MadeValues{{"exposed_data", 2.0 - static_cast<double>(choice[0])}};
        });
    const Ranking ranking = analyse(outcome).ranking.value();
    REQUIRE(names(ranking) == std::vector<std::string>{"chip c", "chip b", "chip a"});
    CHECK(ranking.designs[0].gains[0].value() == 1.0);
    CHECK_FALSE(ranking.designs[1].gains[0].has_value());
}

TEST_CASE("the front holds what no other design beats, equal points together") {
    //            a  b  c  d  e  f
    // step_time  1  2  3  2  1  4
    // rent       9  5  5  5  9  1     c is beaten by b; a = e and b = d
    constexpr double kTime[] = {1, 2, 3, 2, 1, 4};
    constexpr double kRent[] = {9, 5, 5, 5, 9, 1};
    const SweepOutcome outcome =
        made_sweep({axis("chip", {"a", "b", "c", "d", "e", "f"})}, {"step_time", "rent"}, [&](const Choice& choice) {
            return MadeValues{{"step_time", kTime[choice[0]]}, {"rent", kRent[choice[0]]}};
        });
    const Analysis analysis = analyse(outcome);
    REQUIRE(analysis.fronts.size() == 1);
    CHECK(analysis.fronts[0].points == std::vector<std::size_t>{0, 4, 1, 3, 5});
    for (const RankedDesign& design : analysis.ranking->designs) {
        CHECK(design.on_front == (design.name != "chip c"));
    }
}

TEST_CASE("one objective is put against the price that differs") {
    const SweepOutcome outcome = made_sweep({axis("chip", {"a", "b"})}, {"step_time"}, [&](const Choice& choice) {
        return MadeValues{
            {"step_time", choice[0] == 0 ? 1.0 : 2.0}, {"rent", 3.0}, {"power", choice[0] == 0 ? 7.0 : 8.0}};
    });
    const Analysis analysis = analyse(outcome);
    REQUIRE(analysis.fronts.size() == 1);
    CHECK(all_metrics()[analysis.fronts[0].y].name == "power");
    CHECK(analysis.fronts[0].points == std::vector<std::size_t>{0});
}

TEST_CASE("a sweep whose columns cannot be better or worse has no ranking") {
    SweepOutcome outcome = made_sweep({axis("chip", {"a", "b"})}, {}, [](const Choice&) {
        return MadeValues{{"hops", 5.0}};
    });
    outcome.sweep.columns = {"hops"};
    CHECK_FALSE(analyse(outcome).ranking.has_value());
    CHECK_FALSE(ranking_of(outcome).has_value());
}
