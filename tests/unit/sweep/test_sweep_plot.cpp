// Pictures of sweeps.

#include "app/sweep/sweep_plot.h"
#include "tests/unit/sweep/scratch_sweep.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;
using Catch::Contains;

namespace {

constexpr const char* kRings = R"(myriad: 1
kind: sweep
title: Rings
scenario:
  cluster: {base: ppu-8, server: {base: ppu-8, wiring: {recipe: ring}}}
  fidelity: {network: analytic}
  workload:
    collective: {op: all_reduce, sizes: [256 MiB]}
axes:
  - {name: op, path: workload.collective.op, values: [all_reduce, all_gather]}
  - {name: total, path: cluster.server.link_total, values: [1400 GB/s, 700 GB/s]}
  - {name: wiring, choices: [{name: ring, set: ["seed=1"]}, {name: broken, set: ["cluster.server.cards=3"]}]}
columns: [busbw]
plots:
  - {name: busbw, title: Bus bandwidth, x: total, series: wiring, value: busbw}
)";

std::string with(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("a plot has a panel for each label of the axes that it does not name, ascending across") {
    const SweepOutcome outcome = ScratchSweep(kRings).run();
    REQUIRE(outcome.sweep.plots.size() == 1);
    const std::string svg = sweep_plot_svg(outcome, outcome.sweep.plots[0]);
    CHECK_THAT(svg, Contains("op = all_reduce") && Contains("op = all_gather") && Contains("busbw GB/s"));
    // A link has a seventh of half the total x 0.9634, 48.17 GB/s: 7 steps of 256 MiB / 8 take 4.876 ms and 7 x 200 ns,
    // which leaves 48.16; at twice the total 2.438 ms and the same latencies leave 96.28.
    CHECK_THAT(
        svg, Contains("<title>ring: 48.16 at 700 GB/s</title>") && Contains("<title>ring: 96.28 at 1.4 TB/s</title>"));
    CHECK(svg.find("at 700 GB/s") < svg.find("at 1.4 TB/s"));
}

TEST_CASE("a sweep's folder holds its plots") {
    const ScratchSweep sweep(kRings);
    write_sweep_folder(sweep.result_folder(), sweep.run());
    CHECK_THAT(read_file(sweep.result_folder() + "/busbw.svg"), Contains("</svg>"));
}

TEST_CASE("a plot of points that all failed is left out") {
    const ScratchSweep sweep(
        with(kRings, "series: wiring, value: busbw", "series: op, value: busbw, where: {wiring: broken}"));
    const SweepOutcome outcome = sweep.run();
    CHECK(sweep_plot_svg(outcome, outcome.sweep.plots[0]).empty());
}

TEST_CASE("what is wrong with a plot is told with its place") {
    CHECK_THAT(ScratchSweep(with(kRings, "x: total", "x: totl")).refusal(),
               Contains("small.yaml:15:44: error: unknown axis 'totl'; did you mean 'total'?"));
    CHECK_THAT(ScratchSweep(with(kRings, "series: wiring", "series: total")).refusal(),
               Contains("axis 'total' gives the x already"));
    CHECK_THAT(ScratchSweep(with(kRings, "name: busbw, title", "name: ../busbw, title")).refusal(),
               Contains("'../busbw' names a file: expected letters, digits, '_' and '-'"));
}
