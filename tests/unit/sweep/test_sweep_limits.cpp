// Limits of the host in the sweep file, and the line on the terminal: with a clock of its own.

#include "app/config_files/load.h"
#include "app/config_files/read_limits.h"
#include "app/sweep/sweep_progress.h"
#include "tests/unit/sweep/scratch_sweep.h"

#include <catch2/catch.hpp>

#include <sstream>

using namespace myriad;
using namespace myriad::test;
using Catch::Contains;

namespace {

constexpr const char* kTwo = R"(myriad: 1
kind: sweep
name: two
scenario:
  cluster: ppu-8
  fidelity: {network: analytic}
  workload: {collective: {op: all_reduce, sizes: [1 MiB]}}
axes:
  - {name: op, path: workload.collective.op, values: [all_reduce, all_gather]}
  - {path: seed, values: [1, 2]}
objectives: [busbw]
)";

EnginePoint ended(std::size_t index, double busbw) {
    EnginePoint end;
    end.index = index;
    end.record.outcome = ChildOutcome::succeeded;
    end.record.values.resize(all_metrics().size());
    end.record.values[find_metric("busbw").value()] = busbw;
    return end;
}

}  // namespace

TEST_CASE("a sweep file may limit its points, and what is given from outside goes before") {
    // That a limit ends a point is shown on the program (tests/sweep/test_commands.py): here the heap of the test has room.
    const ScratchSweep sweep(std::string(kTwo) + "limits: {time: 1.5 min, memory: 1 KiB}\n");
    const Loaded<SweepFile> file = load_sweep(sweep.path());
    Section root = file.document.root();
    CHECK(read_limits(root).time == std::chrono::seconds{90});
    CHECK(read_limits(root).memory == Bytes{1024});
    SweepOptions wide;
    wide.limits.memory = Bytes{1 << 30};
    CHECK(sweep.run(wide).failures() == 0);
    CHECK_THAT(
        ScratchSweep(std::string(kTwo) + "limits: {time: 10}\n").refusal(),
        Contains("error: expected a time of the host above 0 with its unit (ms, s, min, h), like '10 min', found "
                 "'10'"));
}

TEST_CASE("the line of a sweep tells the best so far and when it will be over") {
    const ScratchSweep scratch(kTwo);
    const Sweep sweep = load_sweep(scratch.path()).value.sweep;
    std::ostringstream terminal;
    HostDuration now{};
    SweepProgress progress(sweep, nullptr, 4, true,
                           {.out = &terminal, .clock = [&now] { return now; }, .columns = 200});
    progress.add(ended(0, 1e9));  // from an earlier run: it says nothing of how long one takes
    progress.start(1);
    now = std::chrono::seconds{6};
    terminal.str("");
    progress.add(ended(1, 3e9));
    // One point in 6 s, two are left: 12 s.
    CHECK_THAT(terminal.str(),
               Contains("two 2/4 (50 %), 6 s, about 12 s left: 1 known, best 3.000 GB/s at all_reduce 2"));
    now = std::chrono::seconds{10};
    terminal.str("");
    EnginePoint failed;
    failed.index = 2;
    failed.record.outcome = ChildOutcome::user_error;
    progress.add(failed);
    // Two in 10 s, one is left. The best stays the best.
    CHECK_THAT(terminal.str(),
               Contains("two 3/4 (75 %), 10 s, about 5 s left: 1 known, 1 failed, best 3.000 GB/s at all_reduce 2"));
    now = std::chrono::seconds{12};
    terminal.str("");
    progress.add(ended(3, 2e9));
    CHECK_THAT(terminal.str(), Contains("two 4/4 (100 %), 12 s: 1 known, 1 failed, best 3.000 GB/s at all_reduce 2"));
}

TEST_CASE("stages of halving run through the engine, and resume within") {
    // The rough stage at level analytic keeps the best two of four; the fine one runs those at level packet.
    std::string text = kTwo;
    text.replace(text.find("{path: seed, values: [1, 2]}"), 28,
                 "{name: total, path: cluster.server.link_total, values: [350 GB/s, 700 GB/s]}");
    text.replace(text.find("  fidelity: {network: analytic}\n"), 32, "");
    const ScratchSweep sweep(text +
                             "halving:\n  stages:\n"
                             "    - {name: rough, set: [fidelity.network=analytic], keep: 2}\n"
                             "    - {name: fine, set: [fidelity.network=packet]}\n");
    const SweepOutcome first = sweep.run({.folder = sweep.result_folder()});
    CHECK(first.failures() == 0);
    // Twice the links are better for both operations: points 1 and 3 go on.
    for (const std::size_t point : {0U, 2U}) {
        CHECK(first.points[point].stage == 0);
        CHECK_FALSE(first.points[point].values[*find_metric("hops")].has_value());
    }
    for (const std::size_t point : {1U, 3U}) {
        CHECK(first.points[point].stage == 1);
        CHECK(first.points[point].values[*find_metric("hops")].has_value());
    }
    // Four records of the rough stage and two of the fine one; without one of each, exactly those run again.
    const Store store = Store::open(sweep.result_folder());
    CHECK(store.unused({}) == 6);
    const std::string lost = first.points[3].key;
    std::filesystem::remove(store.root() / "results" / lost.substr(0, 2) / (lost + ".json"));
    const SweepOutcome second = sweep.run({.folder = sweep.result_folder()});
    CHECK(second.points[1].reused);
    CHECK_FALSE(second.points[3].reused);
    CHECK(second.points[0].reused);
    CHECK(sweep_csv(first) == sweep_csv(second));
    CHECK_THAT(sweep_csv(first), Contains("stage") && Contains("rough") && Contains("fine"));
}
