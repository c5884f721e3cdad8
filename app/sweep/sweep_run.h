#pragma once
// Running a sweep: every point in a child process of its own, results in the order of points whatever ran first.
//
//     const SweepOutcome outcome = run_sweep("scenarios/sweeps/icn_bandwidth.yaml", overrides, {.jobs = 2});
//     out << sweep_summary(outcome);                          // tables, best points, failures, warnings
//     write_sweep_folder("results/icn_bandwidth", outcome);   // sweep.csv, summary.txt ...

#include "app/store/limits.h"
#include "app/sweep/engine.h"
#include "app/sweep/outcome.h"

#include <optional>
#include <string>
#include <vector>

namespace myriad {

struct SweepOptions {
    int jobs = 0;                // points at the same time; 0: one a core
    std::string network;         // level for all points; empty: as the sweep says
    std::string card;            // likewise
    bool progress = true;        // on a terminal
    bool kernel_cache = false;   // as RunOptions
    bool keep_scenarios = true;  // in SweepPointResult::scenario_yaml
    std::string folder;          // of the result: points are kept in its store and taken from there; empty: no store
    PointLimits limits;          // what is 0 is as the sweep says
    std::optional<int> retries;  // of points that the host has spoilt; absent: as the sweep says
    ExecutorKind executor = ExecutorKind::local;
    SlurmOptions slurm;
    bool prune = false;  // remove records of the store that no point uses any more
};

// A point that fails (its scenario is wrong, does not fit, breaks a law, crashes) is a result; what is wrong with the
// sweep itself is thrown as UserError before anything runs. Must be called before SystemC elaborates anything. While an
// InterruptFlag lives, Ctrl-C gives an outcome with SweepOutcome::interrupted set.
[[nodiscard]] SweepOutcome run_sweep(const std::string& name_or_path, const std::vector<std::string>& overrides,
                                     const SweepOptions& options = {});

// What the command prints and summary.txt holds.
[[nodiscard]] std::string sweep_summary(const SweepOutcome& outcome);
// A row a point: labels of the axes, every metric that any point has, status and reason.
[[nodiscard]] std::string sweep_csv(const SweepOutcome& outcome);

// sweep.csv, sweep.json, summary.txt, effective.yaml, manifest.json and the sweep's plots, each whole, replacing those of
// an earlier result; a store in the folder stays. Throws UserError if `folder` is anything else or cannot be written.
void write_sweep_folder(const std::string& folder, const SweepOutcome& outcome);

}  // namespace myriad
