// Small sweeps from file to folder.

#include "app/config_files/load.h"
#include "app/run/run.h"
#include "app/sweep/sweep_json.h"
#include "tests/unit/sweep/scratch_sweep.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;
using Catch::Contains;

namespace {

// Eight cards in a full mesh: seven links a card, a seventh of the total each, half of it in each direction. A seed is
// swept too, which changes nothing here.
constexpr const char* kMesh = R"(myriad: 1
kind: sweep
title: Mesh
scenario:
  cluster: {base: ppu-8, server: {base: ppu-8, wiring: {recipe: full_mesh}, link_budget: divided}}
  fidelity: {network: packet}
  workload:
    collective: {op: all_reduce, sizes: [256 MiB]}
axes:
  - {name: op, path: workload.collective.op, values: [all_reduce, all_gather]}
  - {name: total, path: cluster.server.link_total, values: [700 GB/s, 1400 GB/s]}
  - {path: seed, values: [1, 2]}
columns: [busbw, time]
tables:
  - {title: Bus bandwidth, rows: total, columns: op, value: busbw, where: {seed: 1}}
)";

// b = total / 2 / 7 x 0.9634 of zhenwu-810e. A step sends S/8 over every link and arrives 200 ns later.
double step_time(double total) {
    const double link = total / 2.0 / 7.0 * 0.9634;
    return (256.0 * 1024 * 1024 / 8.0 / link + 200e-9) * 1e12;
}

void check_mesh(const SweepOutcome& outcome) {
    REQUIRE(outcome.points.size() == 8);
    CHECK(outcome.failures() == 0);
    for (const SweepPointResult& point : outcome.points) {
        REQUIRE(point.ran());
        const double steps = point.point.choice[0] == 0 ? 2.0 : 1.0;  // reduce-scatter and all-gather; all-gather
        const double total = point.point.choice[1] == 0 ? 700e9 : 1400e9;
        const double time = steps * step_time(total);
        // A cell's share of a link's rate is rounded up to picoseconds: 32 cells of 21 us, far below 1 ppm.
        CHECK(value_of(point, "time") == Approx(time).epsilon(1e-6));
        // busbw = algbw x 2 (n - 1) / n, or (n - 1) / n
        CHECK(value_of(point, "busbw") == Approx(256.0 * 1024 * 1024 / time * 1e12 * steps * 7.0 / 8.0).epsilon(1e-6));
        CHECK(point.algorithms == "direct");
    }
}

}  // namespace

TEST_CASE("a sweep at packet level gives the closed form at every point") {
    const SweepOutcome outcome = ScratchSweep(kMesh).run();
    check_mesh(outcome);
    // 256 MiB / 8 in cells of 1 MiB over 56 links, twice.
    CHECK(value_of(outcome.points[0], "hops") == 2 * 56 * 32);
}

TEST_CASE("a sweep's level can be given from outside") {
    const SweepOutcome outcome = ScratchSweep(kMesh).run({.network = "analytic"});
    check_mesh(outcome);
    CHECK_FALSE(outcome.points[0].values[*find_metric("hops")].has_value());
}

TEST_CASE("the number of children does not show in what a sweep tells") {
    const ScratchSweep sweep(kMesh);
    const SweepOutcome one = sweep.run({.jobs = 1});
    const SweepOutcome two = sweep.run({.jobs = 2});
    CHECK(sweep_csv(one) == sweep_csv(two));
    CHECK(sweep_json(one) == sweep_json(two));
    CHECK(sweep_summary(one) == sweep_summary(two));
    REQUIRE(one.points.size() == two.points.size());
    for (std::size_t i = 0; i < one.points.size(); ++i) {
        CHECK(one.points[i].scenario_yaml == two.points[i].scenario_yaml);
        CHECK_FALSE(one.points[i].scenario_yaml.empty());
    }
}

TEST_CASE("the summary prints pivots, the best points and the axis without effect") {
    const std::string summary = sweep_summary(ScratchSweep(kMesh).run({.network = "analytic"}));
    // 7/4 S / (2 x 696.783 us) = 337.1 GB/s at 700 GB/s; the time halves, but for the latency, at twice the total. All-
    // gather moves half of the bytes in half of the time: the same bus bandwidth.
    CHECK_THAT(summary, Contains("Bus bandwidth\n"
                                 "  busbw in GB/s; rows total, columns op, where seed = 1; * best of its table\n"
                                 "\n"
                                 "      total  all_reduce   all_gather\n"
                                 "   700 GB/s       337.1        337.1\n"
                                 "  1400 GB/s       674.0*       674.0*\n"));
    CHECK_THAT(summary, Contains("8 points (2 op x 2 total x 2 seed): 8 ran, 0 failed"));
    CHECK_THAT(summary, Contains("Best by busbw (higher is better)\n"
                                 "    gain: times as good as the best, op all_reduce, total 1400 GB/s, seed 1\n"
                                 "  rank  point  op          total      seed  busbw GB/s   gain\n"));
    CHECK_THAT(summary, Contains("warning: axis 'seed' had no effect on busbw, time at any point"));
    CHECK_THAT(summary, !Contains("axis 'total'") && !Contains("axis 'op'") && !Contains("Failed"));
}

TEST_CASE("the CSV has a row a point in order, with units in the header") {
    const std::string csv = sweep_csv(ScratchSweep(kMesh).run({.network = "analytic"}));
    CHECK_THAT(csv, Catch::StartsWith("point,op,total,seed,time_ps,lower_bound_ps,lower_bound_share,algbw_B_per_s,"
                                      "busbw_B_per_s,duration_ps,cards,power_W,rent_USD_per_h,link_busy_most,link_busy_"
                                      "icn,events,algorithms,status,reason\n"
                                      "0,all_reduce,700 GB/s,1,"));
    CHECK_THAT(csv, Contains("\n3,all_reduce,1400 GB/s,2,") && Contains(",direct,ok,\n"));
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 9);
}

TEST_CASE("the scenario of a point runs again to the same figure") {
    const ScratchSweep sweep(kMesh);
    const SweepOutcome outcome = sweep.run({.network = "analytic"});
    write_sweep_folder(sweep.result_folder(), outcome);
    CHECK(read_file(sweep.result_folder() + "/sweep.csv") == sweep_csv(outcome));
    CHECK(read_file(sweep.result_folder() + "/summary.txt") == sweep_summary(outcome));
    CHECK_THAT(read_file(sweep.result_folder() + "/manifest.json"), Contains("myriad-manifest/"));

    // all_gather, 1400 GB/s, seed 1
    const Loaded<Scenario> again = load_scenario_text(outcome.points[6].scenario_yaml, "point.yaml");
    CHECK(again.value.name == "small-6");
    const RunOutcome run = run_scenario(again.value, {.progress = false});
    REQUIRE(run.report.collectives.size() == 1);
    CHECK(static_cast<double>(run.report.collectives[0].time.count()) == value_of(outcome.points[6], "time"));

    write_sweep_folder(sweep.result_folder(), outcome);  // replaces its own result
}

TEST_CASE("the effective sweep of a result's folder is the same sweep") {
    const ScratchSweep sweep(kMesh);
    const SweepOutcome outcome = sweep.run({.network = "analytic", .keep_scenarios = false});
    CHECK(outcome.points[0].scenario_yaml.empty());
    write_sweep_folder(sweep.result_folder(), outcome);
    const SweepOutcome again = run_sweep(sweep.result_folder() + "/effective.yaml", {}, {.progress = false});
    CHECK(sweep_csv(again) == sweep_csv(outcome));
}

TEST_CASE("a level that an axis sets cannot be given from outside") {
    const ScratchSweep sweep(R"(myriad: 1
kind: sweep
scenario: {cluster: ppu-8, workload: {collective: {op: all_reduce, sizes: [1 MiB]}}}
axes:
  - {name: level, path: fidelity.network, values: [analytic, packet]}
columns: [time]
)");
    CHECK_THAT(sweep.refusal({}, {.network = "packet"}),
               Contains("--network has no effect: axis 'level' of the sweep sets fidelity.network"));
    CHECK_THAT(sweep.refusal({"scenario.fidelity.network=packet"}), Contains("has no effect"));
    CHECK(sweep.refusal({"scenario.fidelity.cell=64 KiB"}).empty());
    // Without tables the points are listed.
    CHECK_THAT(sweep_summary(sweep.run()), Contains("  point  level     time us\n      0  analytic"));
}

TEST_CASE("what is odd about a sweep is a warning of its summary") {
    const ScratchSweep sweep(R"(myriad: 1
kind: sweep
scenario: {cluster: ppu-8, fidelity: {network: analytic}, workload: {collective: {op: all_reduce, sizes: [1 MiB]}}}
axes:
  - {name: total, path: cluster.server.link_total, range: {from: 350 GB/s, to: 700 GB/s, factor: 2x}}
require: [total > 1]
)");
    CHECK_THAT(sweep_summary(sweep.run()), Contains("\nwarning: 'total > 1' leaves out nothing\n"));
}
