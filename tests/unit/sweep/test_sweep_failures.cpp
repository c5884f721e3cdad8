// What is wrong with a sweep is thrown before anything runs; what is wrong with a point is a result.

#include "app/analysis/analysis.h"
#include "tests/unit/sweep/scratch_sweep.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;
using Catch::Contains;

TEST_CASE("a point that cannot be built is recorded and harms no other") {
    // Sixteen cards in a full mesh take fifteen links of seven.
    const SweepOutcome outcome = ScratchSweep(R"(myriad: 1
kind: sweep
scenario:
  cluster: {base: ppu-16, server: {base: ppu-16, link_budget: divided}}
  workload: {collective: {op: all_reduce, sizes: [1 MiB]}}
axes:
  - name: wiring
    choices:
      - {name: mesh, set: ["cluster.server.wiring={recipe: full_mesh}"]}
      - {name: ring, set: ["cluster.server.wiring={recipe: ring}"]}
  - {name: links, path: cluster.server.link_budget, values: [divided, fixed]}
columns: [time]
tables:
  - {title: Times, rows: wiring, columns: links, value: time}
)")
                                     .run({.network = "analytic"});
    REQUIRE(outcome.points.size() == 4);
    CHECK(outcome.failures() == 1);
    const SweepPointResult& failed = outcome.points[1];
    CHECK(failed.outcome == ChildOutcome::user_error);
    CHECK_THAT(failed.reason, Contains("takes 15 links of a card, but the chip has 7"));
    CHECK(failed.values.empty());
    const std::string summary = sweep_summary(outcome);
    CHECK_THAT(summary, Contains("3 ran, 1 failed"));
    CHECK_THAT(summary, Contains("  [1] point 1: ") && Contains("15 links"));
    CHECK_THAT(summary, Catch::Matches("[^]*mesh +[0-9.]+\\*? +\\[1\\]\n[^]*", Catch::CaseSensitive::Yes));
    CHECK_THAT(sweep_csv(outcome), Contains(",user_error,"));
    // Failing is an effect; of the one point at mesh and fixed no pair of values is to be told.
    CHECK(analyse(outcome).warnings.empty());
}

TEST_CASE("plans that do not fit fail by how much, the others are measured") {
    const SweepOutcome outcome = ScratchSweep(R"(myriad: 1
kind: sweep
scenario:
  cluster: ppu-16
  workload:
    training:
      model: qwen3-32b
      plan: {tensor_parallel: 4, pipeline_parallel: 2, data_parallel: 2, global_batch: 16, sequence_length: 1024}
axes:
  - name: plan
    choices:
      - {name: fits, set: ["workload.training.plan.tensor_parallel=4"]}
      - {name: does not, set: ["workload.training.plan.tensor_parallel=1", "workload.training.plan.data_parallel=8"]}
columns: [step_time, mfu, memory]
)")
                                     .run();
    REQUIRE(outcome.points.size() == 2);
    REQUIRE(outcome.points[0].ran());
    CHECK(value_of(outcome.points[0], "mfu") > 0.0);
    CHECK(value_of(outcome.points[0], "mfu") < 1.0);
    // tokens_per_second = 16 x 1024 / step_time
    CHECK(value_of(outcome.points[0], "tokens_per_second") * value_of(outcome.points[0], "step_time") * 1e-12 ==
          Approx(16384.0));
    CHECK(value_of(outcome.points[0], "memory_share") < 1.0);
    CHECK_THAT(outcome.points[1].reason, Contains("the plan does not fit") && Contains("GiB short"));
    CHECK_THAT(sweep_csv(outcome), Contains(",step_time_ps,tokens_per_second,") && !Contains("busbw"));
}

TEST_CASE("a point is one collective") {
    const ScratchSweep sweep(R"(myriad: 1
kind: sweep
scenario: {cluster: ppu-8, workload: {collective: {op: all_reduce, sizes: ["1 MiB:4 MiB:2x"]}}}
axes:
  - {path: seed, values: [1, 2]}
columns: [time]
)");
    const SweepOutcome outcome = sweep.run();
    CHECK(outcome.failures() == 2);
    CHECK_THAT(outcome.points[0].reason, Contains("3 sizes; make workload.collective.sizes an axis"));
    // One reason, one line; nothing ran, so nothing can be said about effects.
    CHECK_THAT(sweep_summary(outcome), Contains("[1] 2 points from 0:") && !Contains("[2]") && !Contains("warning"));
}

TEST_CASE("an unknown result is refused where it stands before anything runs") {
    constexpr const char* kText = R"(myriad: 1
kind: sweep
scenario: {cluster: ppu-8, workload: {collective: {op: all_reduce, sizes: [1 MiB]}}}
axes:
  - {path: seed, values: [1, 2]}
columns: [time, bubw, mfu]
)";
    const ScratchSweep sweep(kText);
    const std::string refusal = sweep.refusal();
    CHECK_THAT(refusal, Contains("small.yaml:6:10: error: unknown result 'bubw'; did you mean 'busbw'?"));
    CHECK_THAT(refusal, Contains("'mfu' is no result of a collective"));
}

TEST_CASE("a table with the same axis twice is refused") {
    const ScratchSweep sweep(R"(myriad: 1
kind: sweep
scenario: {cluster: ppu-8, workload: {collective: {op: all_reduce, sizes: [1 MiB]}}}
axes:
  - {path: seed, values: [1, 2]}
columns: [time]
tables:
  - {title: t, rows: seed, columns: seed, value: time}
)");
    CHECK_THAT(sweep.refusal(), Contains("axis 'seed' gives the rows already"));
}
