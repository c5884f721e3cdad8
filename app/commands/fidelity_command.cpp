// `myriad fidelity`: one scenario at every level of the card, with what differs and why.

#include "app/commands/commands.h"
#include "app/commands/outcome.h"
#include "app/fidelity/ladder.h"
#include "app/result/result_json.h"
#include "sim/error/error.h"

#include <ostream>

namespace myriad {

namespace {

// From the coarsest to the finest. A level that is not run as a scenario adds its own runner here.
constexpr const char* kLevels[] = {"roofline", "tile"};

std::string run_level(const FidelityArguments& arguments, const char* level) {
    const Loaded<Scenario> loaded = load_run({.scenario = arguments.scenario,
                                              .overrides = arguments.overrides,
                                              .network = arguments.network,
                                              .card = level});
    const RunOptions options{.progress = false, .kernel_cache = !arguments.no_kernel_cache};
    return result_json(run_loaded(loaded, options).report);
}

}  // namespace

void fidelity_command(const FidelityArguments& arguments, std::ostream& out) {
    // What is wrong with the scenario is told before anything runs.
    const Loaded<Scenario> loaded = load_run({.scenario = arguments.scenario,
                                              .overrides = arguments.overrides,
                                              .network = arguments.network,
                                              .card = kLevels[0]});
    if (!std::holds_alternative<TrainingWorkload>(loaded.value.workload)) {
        throw UserError("'" + arguments.scenario +
                        "' runs no kernels, so the levels of the card do not differ; expected a training scenario");
    }
    std::vector<LadderLevel> levels;
    for (const char* level : kLevels) {
        levels.push_back({level, [&arguments, level] { return run_level(arguments, level); }});
    }
    const Ladder ladder = run_ladder(levels);
    out << (arguments.json ? ladder_json(ladder) : ladder_text(ladder));
}

}  // namespace myriad
