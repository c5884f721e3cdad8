// Objectives, constraints, baselines and stages of halving.

#include "tests/unit/config_files/sweep_text.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;
using Catch::Contains;
using Strings = std::vector<std::string>;

namespace {

constexpr const char* kAxes = R"(axes:
  - {name: micro, path: workload.training.plan.micro_batch, values: [1, 2, 4]}
  - {name: seed, path: seed, values: [1, 2], role: load}
)";

std::string wrong(const std::string& rest) { return wrong_with(training_sweep(kAxes + rest)); }

}  // namespace

TEST_CASE("objectives and constraints are results, in the unit of the result") {
    const Sweep sweep = sweep_of(training_sweep(std::string(kAxes) + R"(objectives: [step_time, mfu]
constraints: [memory_share <= 90 %, step_time < 3 s, memory <= 80 GiB, mfu >= 0.3, tokens_per_second > 1000]
)"));
    CHECK(sweep.objectives.size() == 2);
    REQUIRE(sweep.constraints.size() == 5);
    CHECK(sweep.constraints[0].most == Approx(0.9));
    CHECK(*sweep.constraints[1].most < 3e12);  // strict
    CHECK(*sweep.constraints[1].most == Approx(3e12));
    CHECK(sweep.constraints[2].most == 80.0 * 1024 * 1024 * 1024);
    CHECK(sweep.constraints[3].least == 0.3);
    CHECK_FALSE(sweep.constraints[3].most.has_value());
    CHECK(*sweep.constraints[4].least > 1000.0);
    CHECK(sweep.constraints[0].text == "memory_share <= 90 %");
    CHECK(sweep.columns == Strings{"step_time", "mfu", "memory_share", "memory", "tokens_per_second"});
}

TEST_CASE("what is wrong with objectives and constraints is told") {
    CHECK_THAT(wrong("objectives: [steptime]\n"),
               Contains("13:14: error: unknown result 'steptime'; did you mean 'step_time'?"));
    CHECK_THAT(wrong("objectives: [busbw]\n"), Contains("'busbw' is no result of a training step"));
    CHECK_THAT(wrong("objectives: [compute]\n"), Contains("'compute' is neither better high nor low"));
    CHECK_THAT(wrong("objectives: [mfu, mfu]\n"), Contains("'mfu' is an objective already"));
    CHECK_THAT(wrong("constraints: [step_time < 3]\n"),
               Contains("13:15: error: constraint 'step_time < 3': expected a time"));
    CHECK_THAT(wrong("constraints: [memory_share = 1]\n"), Contains("expected a result and its limit"));
    CHECK_THAT(wrong("constraints: [memory_shar <= 1]\n"), Contains("did you mean 'memory_share'?"));
    CHECK_THAT(wrong("constraints: [mfu > 1, mfu >= 0.5]\n"), Contains("'mfu' has the limit 'mfu > 1' already"));
}

TEST_CASE("a baseline names a label of every axis of designs") {
    const Sweep sweep = sweep_of(training_sweep(std::string(kAxes) + "baseline: {micro: 2}\n"));
    CHECK(sweep.baseline == std::vector<std::size_t>{1, 0});
    CHECK_THAT(wrong("baseline: {seed: 1}\n"), Contains("axis 'seed' is a load"));
    CHECK_THAT(wrong("baseline: {}\n"), Contains("no label of axis 'micro'"));
    CHECK_THAT(wrong("baseline: {micro: 3}\n"), Contains("13:19: error: axis 'micro' has no value '3'"));
    CHECK_THAT(wrong("baseline: {mikro: 1}\n"), Contains("unknown axis 'mikro'; did you mean 'micro'?"));
    CHECK_THAT(wrong("baseline: {micro: 1}\nrequire: [micro > 1]\n"),
               Contains("the conditions of the sweep leave out the baseline"));
}

TEST_CASE("stages keep a share or a count, and set what no axis sets") {
    const std::string rest =
        "objectives: [step_time]\nhalving: {stages: [{name: a, set: [fidelity.network=analytic], keep: ";
    const auto staged = [&](const std::string& keep) {
        return std::string(kAxes) + rest + keep + "}, {name: b, set: [fidelity.network=packet]}]}\n";
    };
    const Sweep share = sweep_of(training_sweep(staged("25 %")));
    REQUIRE(share.stages.size() == 2);
    CHECK(share.stages[0].keep == 0.25);
    CHECK(share.stages[0].keep_count == 0);
    CHECK(share.stages[1].keep == 1.0);
    CHECK(share.stages[1].overrides == Strings{"fidelity.network=packet"});
    CHECK(sweep_of(training_sweep(staged("2"))).stages[0].keep_count == 2);
    CHECK(sweep_of(training_sweep(staged("0.5"))).stages[0].keep == 0.5);
    CHECK_THAT(wrong_with(training_sweep(staged("0"))), Contains("expected a share between 0 and 100 % or a count"));
    CHECK_THAT(wrong_with(training_sweep(staged("120 %"))),
               Contains("expected a share between 0 and 100 % or a count"));
    CHECK_THAT(wrong("halving: {stages: [{name: a, keep: 1}, {name: b}]}\n"),
               Contains("name a result in 'objectives'"));
    CHECK_THAT(wrong("objectives: [mfu]\nhalving: {stages: [{name: a}]}\n"), Contains("at least two stages"));
    CHECK_THAT(wrong("objectives: [mfu]\nhalving: {stages: [{name: a}, {name: a}]}\n"),
               Contains("stage 'a' needs 'keep'") && Contains("two stages are called 'a'"));
    CHECK_THAT(wrong("objectives: [mfu]\nhalving: {stages: [{name: a, keep: 1, set: [seed=3]}, {name: b}]}\n"),
               Contains("axis 'seed' sets seed, so a stage cannot"));
    CHECK_THAT(wrong("objectives: [mfu]\nhalving: {stages: [{name: a, keep: 1, set: [sed=3]}, {name: b, keep: 2}]}\n"),
               Contains("unknown key 'sed' in scenario") && Contains("nothing comes after the last stage"));
}
