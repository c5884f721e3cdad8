#pragma once
// What run, collective and fidelity share: from a loaded scenario to an outcome, its host line and its folder.

#include "app/commands/commands.h"
#include "app/config_files/load.h"
#include "app/run/run.h"

#include <string>

namespace myriad {

// The scenario with what the options put over it; what is wrong with an option is told at the option.
[[nodiscard]] Loaded<Scenario> load_run(const RunArguments& arguments);

[[nodiscard]] RunOutcome run_loaded(const Loaded<Scenario>& loaded, const RunOptions& options = {});

// Host time and memory, packet hops a second: what differs from run to run, so it is no part of the result.
[[nodiscard]] std::string host_text(const RunOutcome& outcome);

void write_outcome(const std::string& folder, const RunOutcome& outcome, const Loaded<Scenario>& loaded);

}  // namespace myriad
