// sweep.json against its schema and against what the points gave.

#include "app/sweep/sweep_json.h"
#include "app/sweep/sweep_run.h"
#include "tests/support/json_violation.h"
#include "tests/unit/analysis/made_sweep.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace myriad;
using namespace myriad::test;
using Catch::Contains;

namespace {

SweepOutcome everything() {
    SweepOutcome outcome = made_sweep(
        {axis("chip", {"a", "b", "c"}), number_axis("total", {1, 2, 4}), axis("workload", {"t", "c"}, AxisRole::load)},
        {"step_time", "rent"}, [](const Choice& c) {
            const double total = 1.0 + static_cast<double>(c[1]);
            return c[0] == 2 ? MadeValues{}
                             : MadeValues{{"step_time", 100.0 / total}, {"rent", 3.0 + static_cast<double>(c[0])}};
        });
    outcome.sweep.name = "made";
    outcome.sweep.baseline = Choice{0, 0, 0};
    outcome.sweep.constraints = {{.metric = "rent", .least = {}, .most = 3.5, .text = "rent <= 3.5"}};
    return outcome;
}

}  // namespace

TEST_CASE("sweep.json is what its schema says") {
    CHECK(violation(sweep_result_schema(), sweep_json(everything())) == "");
    SweepOutcome unranked = everything();
    unranked.sweep.objectives.clear();
    unranked.sweep.columns = {"hops"};
    unranked.sweep.baseline.reset();
    CHECK(violation(sweep_result_schema(), sweep_json(unranked)) == "");
}

TEST_CASE("sweep.json tells points, metrics and the ranking by name") {
    const auto json = nlohmann::json::parse(sweep_json(everything()));
    CHECK(json.at("points").size() == 18);
    CHECK(json.at("points")[2].at("values").at("step_time") == 50);  // total 2
    CHECK(json.at("points")[17].at("status") == "user_error");
    CHECK(json.at("axes")[1].at("numbers") == nlohmann::json({1.0, 2.0, 4.0}));
    CHECK(json.at("axes")[2].at("role") == "load");
    const auto& ranking = json.at("analysis").at("ranking");
    CHECK(ranking.at("metrics") == nlohmann::json({"step_time", "step_time"}));
    // 100 / 3 against 100 of the baseline.
    CHECK(ranking.at("designs")[0].at("name") == "chip a, total 4");
    CHECK(ranking.at("designs")[0].at("score").get<double>() == Approx(3.0));
    CHECK(ranking.at("designs")[8].at("excluded") == "failed (workload t): does not fit");
}

TEST_CASE("the summary tells best, front, effects and knees, within its width") {
    const std::string summary = sweep_summary(everything());
    CHECK_THAT(summary, Contains("Best by step_time (lower is better), geometric mean over 2 loads"));
    CHECK_THAT(summary, Contains("baseline"));
    CHECK_THAT(summary, Contains("not ranked: 3 designs: does not keep rent <= 3.5"));
    CHECK_THAT(summary, Contains("Pareto front of step_time and rent (t)"));
    CHECK_THAT(summary, Contains("What the axes do"));
    CHECK_THAT(summary, Contains("t: step_time follows total to the end of the range (4) for all 2 designs: a"));
    CHECK_THAT(summary, Contains("warning: every point with chip = c failed"));
}
