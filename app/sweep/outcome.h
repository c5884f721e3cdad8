#pragma once
// What a sweep found out: plain data, read by summary, analysis, files and report.

#include "app/scenario/sweep.h"
#include "sim/process/children.h"
#include "sim/progress/host_clock.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

struct SweepPointResult {
    SweepPoint point;
    ChildOutcome outcome = ChildOutcome::cancelled;
    std::string reason;                         // why there is no result, a line or several; empty if it ran
    std::vector<std::optional<double>> values;  // by index in all_metrics(); empty when it failed
    std::string algorithms;                     // that collectives ran with: "direct"
    std::string scenario_yaml;                  // for `myriad run`; empty when there is no result
    std::string key;        // hash of the effective scenario without its name; empty: it could not be read
    std::size_t stage = 0;  // of Sweep::stages, the last that it has run in
    bool reused = false;    // of an earlier run of the sweep; in no result
    bool prepared = false;  // waits for a task that somebody else starts
    [[nodiscard]] bool ran() const { return outcome == ChildOutcome::succeeded; }
};

struct SweepOutcome {
    Sweep sweep;
    std::uint64_t seed = 1;                // of the base scenario
    std::string effective_yaml;            // of the sweep, reads back to the same points
    std::vector<SweepPointResult> points;  // by index
    std::string uncertainty_text;          // with --uncertainty: part of the summary, and of sweep.json
    std::string uncertainty_json;
    HostDuration elapsed{};          // of the host, in no result
    int interrupted = 0;             // the signal that ended it early: points are missing then
    std::size_t unused_records = 0;  // of the store, that no point uses any more
    [[nodiscard]] std::size_t failures() const;
};

}  // namespace myriad
