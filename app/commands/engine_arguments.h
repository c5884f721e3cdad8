#pragma once
// What sweep and batch share: from options to limits and executor, and what their points' ends mean for the program.

#include "app/commands/commands.h"
#include "app/sweep/engine.h"

#include <optional>
#include <string>
#include <vector>

namespace myriad {

struct EngineChoice {
    PointLimits limits;  // what is 0 was not given
    std::optional<int> retries;
    ExecutorKind executor = ExecutorKind::local;
    SlurmOptions slurm;
};
// Throws UserError at the option.
[[nodiscard]] EngineChoice engine_choice(const EngineArguments& arguments);

// 0, 1, 2 or 3, as sweep_command.
[[nodiscard]] int exit_status(const std::vector<ChildOutcome>& ends);

// "1,008 points in 36 s: 950 from earlier runs, 58 run"
[[nodiscard]] std::string points_text(std::size_t points, std::size_t reused, std::size_t run, HostDuration elapsed);
// "interrupted: 430 of 1,008 points are finished and kept; the same command again runs the rest"
[[nodiscard]] std::string interrupted_text(std::size_t finished, std::size_t points);
// "store: 4 results are kept that no point uses any more ...", a line; empty: there are none.
[[nodiscard]] std::string unused_text(std::size_t unused, bool pruned);
// "1,008"
[[nodiscard]] std::string grouped(std::size_t number);

}  // namespace myriad
