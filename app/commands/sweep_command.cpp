// `myriad sweep`: all points of a sweep, tables on the terminal, a CSV in a folder.

#include "app/commands/commands.h"
#include "app/commands/option_place.h"
#include "app/config_files/load.h"
#include "app/result/folder.h"
#include "app/sweep/sweep_json.h"
#include "app/sweep/sweep_run.h"
#include "app/uncertainty/sweep_uncertainty.h"
#include "sim/progress/progress_line.h"

#include <filesystem>
#include <ostream>

namespace myriad {

namespace {

SweepOutcome run(const SweepArguments& arguments, const std::string& folder) {
    SweepOptions options;
    options.jobs = arguments.jobs;
    options.network = arguments.network;
    options.card = arguments.card;
    options.kernel_cache = !arguments.no_kernel_cache;
    // A wrong sweep is told before a wrong folder, and both before the points run.
    static_cast<void>(load_sweep(arguments.sweep, arguments.overrides));
    check_result_folder(folder);
    try {
        return run_sweep(arguments.sweep, arguments.overrides, options);
    } catch (const UserError& error) {
        constexpr const char* kFidelity = "--set scenario.fidelity.";
        throw told_by_option(error,
                             {{kFidelity + ("network=" + arguments.network), 0, "--network " + arguments.network},
                              {kFidelity + ("card=" + arguments.card), 0, "--card " + arguments.card}});
    }
}

// The ranking under samples of what the points assume.
void add_uncertainty(const SweepArguments& arguments, SweepOutcome& outcome) {
    if (arguments.uncertainty == 0) {
        return;
    }
    Overrides overrides = arguments.overrides;
    if (!arguments.network.empty()) {
        overrides.push_back("scenario.fidelity.network=" + arguments.network);
    }
    if (!arguments.card.empty()) {
        overrides.push_back("scenario.fidelity.card=" + arguments.card);
    }
    const SweepUncertainty uncertainty = sweep_uncertainty(outcome, arguments.sweep, overrides,
                                                           {.samples = static_cast<std::size_t>(arguments.uncertainty),
                                                            .seed = outcome.seed,
                                                            .jobs = arguments.jobs,
                                                            .label = "uncertainty"});
    outcome.uncertainty_text = uncertainty_text(uncertainty);
    outcome.uncertainty_json = uncertainty_json(uncertainty);
}

// A point that breaks a law or crashes is a bug of Myriad, whatever the other points do.
int status_of(const SweepOutcome& outcome) {
    bool one_ran = false;
    for (const SweepPointResult& point : outcome.points) {
        switch (point.outcome) {
            case ChildOutcome::succeeded:
                one_ran = true;
                break;
            case ChildOutcome::user_error:
                break;
            case ChildOutcome::law_error:
                return 3;
            default:
                return 1;
        }
    }
    return one_ran ? 0 : 2;
}

}  // namespace

int sweep_command(const SweepArguments& arguments, std::ostream& out) {
    const std::string name = std::filesystem::path(arguments.sweep).stem().string();
    const std::string folder = arguments.out_folder.empty() ? default_result_folder(name) : arguments.out_folder;
    SweepOutcome outcome = run(arguments, folder);
    add_uncertainty(arguments, outcome);
    write_sweep_folder(folder, outcome);
    if (arguments.json) {
        out << sweep_json(outcome);
    } else {
        out << sweep_summary(outcome) << "host: " << outcome.points.size() << " points in "
            << duration_text(outcome.elapsed) << "\nresult: " << folder << "/\n";
        for (const SweepPlot& plot : outcome.sweep.plots) {
            out << "plot: " << folder << "/" << plot.name << ".svg\n";
        }
    }
    return status_of(outcome);
}

}  // namespace myriad
