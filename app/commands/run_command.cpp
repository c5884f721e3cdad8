// `myriad run`: one scenario, its summary on the terminal, its result in a folder.

#include "app/commands/commands.h"
#include "app/commands/outcome.h"
#include "app/result/folder.h"
#include "app/result/result_json.h"
#include "app/result/summary.h"
#include "app/run/assumptions.h"
#include "app/uncertainty/uncertainty.h"

#include <filesystem>
#include <optional>
#include <ostream>

namespace myriad {
namespace {

std::optional<UncertaintyReport> uncertainty_over(const RunArguments& arguments, const Loaded<Scenario>& loaded) {
    if (arguments.uncertainty == 0) {
        return std::nullopt;
    }
    const auto* collective = std::get_if<CollectiveWorkload>(&loaded.value.workload);
    if (collective != nullptr && collective->sizes.size() != 1) {
        throw UserError(SourceMark{arguments.scenario, 0, 0},
                        "--uncertainty is of one collective, but the scenario has " +
                            std::to_string(collective->sizes.size()) +
                            " sizes; give one, like --set 'workload.collective.sizes=[64 MiB]'");
    }
    const auto run = [&](const std::vector<std::string>& overrides) {
        RunArguments sampled = arguments;
        sampled.overrides.insert(sampled.overrides.end(), overrides.begin(), overrides.end());
        const RunOptions options{.progress = false, .kernel_cache = !arguments.no_kernel_cache, .explain = false};
        return measure(run_scenario(load_run(sampled).value, options).report);
    };
    std::vector<Assumption> assumed = assumptions_of(assumptions(loaded));
    keep_loadable(assumed, [&](const std::vector<std::string>& overrides) {
        RunArguments tried = arguments;
        tried.overrides.insert(tried.overrides.end(), overrides.begin(), overrides.end());
        try {
            static_cast<void>(load_run(tried));
            return true;
        } catch (const UserError&) {
            return false;
        }
    });
    return uncertainty_of(assumed, run,
                          {.samples = static_cast<std::size_t>(arguments.uncertainty),
                           .seed = loaded.value.seed,
                           .label = "uncertainty"});
}

}  // namespace

void run_command(const RunArguments& arguments, std::ostream& out) {
    const Loaded<Scenario> loaded = load_run(arguments);
    const std::string name = std::filesystem::path(arguments.scenario).stem().string();
    const std::string folder = arguments.out_folder.empty() ? default_result_folder(name) : arguments.out_folder;
    if (!arguments.quiet) {
        check_result_folder(folder);  // before the run, not after
    }
    // Children come before the run, which elaborates SystemC in this process.
    const std::optional<UncertaintyReport> uncertainty = uncertainty_over(arguments, loaded);
    RunOutcome outcome = run_loaded(loaded, {.kernel_cache = !arguments.no_kernel_cache,
                                             .activity = !arguments.quiet,
                                             .trace_ranks = arguments.trace_ranks});
    if (uncertainty) {
        outcome.uncertainty_json = uncertainty_json(*uncertainty);
    }
    if (arguments.json) {
        out << (uncertainty ? outcome.uncertainty_json : result_json(outcome.report));
    } else {
        out << summary_text(outcome.report) << (uncertainty ? uncertainty_text(*uncertainty) : "")
            << host_text(outcome);
    }
    if (arguments.quiet) {
        return;
    }
    write_outcome(folder, outcome, loaded);
    if (!arguments.json) {
        out << "result: " << folder << "/\n";
        if (!outcome.trace.empty()) {
            out << "trace: " << folder << "/trace.json for ui.perfetto.dev, " << outcome.trace_note << "\n";
        }
    }
}

}  // namespace myriad
