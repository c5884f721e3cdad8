#pragma once
// From a scenario to its report: builds the cluster at the wanted level, runs the workload, checks the laws. At most one
// run a process at packet level, because SystemC elaborates once.

#include "app/run/report.h"
#include "interconnect/packet/fabric.h"

namespace myriad {

struct RunOptions {
    bool progress = true;                    // on a terminal
    bool kernel_cache = false;               // kernels of earlier runs, on disk; changes no result
    bool explain = true;                     // a training step; takes memory for its spans
    bool activity = false;                   // what links and ranks do over time; changes no result
    int trace_ranks = 0;                     // ranks in the trace; 0: no trace
    BuildOrder order = BuildOrder::forward;  // reversed: to show that the order of construction changes nothing
};

// Throws UserError (the plan does not fit) and LawError.
[[nodiscard]] RunOutcome run_scenario(const Scenario& scenario, const RunOptions& options = {});

}  // namespace myriad
