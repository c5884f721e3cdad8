// `myriad sweep`: all points of a sweep, tables on the terminal, a CSV in a folder.

#include "app/commands/commands.h"
#include "app/commands/engine_arguments.h"
#include "app/commands/option_place.h"
#include "app/config_files/load.h"
#include "app/result/folder.h"
#include "app/sweep/sweep_folder.h"
#include "app/sweep/sweep_json.h"
#include "app/sweep/sweep_run.h"
#include "app/uncertainty/sweep_uncertainty.h"
#include "sim/process/interrupt_flag.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <ostream>

namespace myriad {

namespace {

SweepOutcome run(const SweepArguments& arguments, const std::string& folder) {
    const EngineChoice choice = engine_choice(arguments.engine);
    SweepOptions options;
    options.jobs = arguments.engine.jobs;
    options.network = arguments.network;
    options.card = arguments.card;
    options.progress = !arguments.engine.quiet;
    options.kernel_cache = !arguments.no_kernel_cache;
    options.keep_scenarios = false;
    options.folder = folder;
    options.limits = choice.limits;
    options.retries = choice.retries.value_or(choice.executor == ExecutorKind::slurm ? 1 : 0);
    options.executor = choice.executor;
    options.slurm = choice.slurm;
    options.prune = arguments.engine.prune;
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
                                                            .jobs = arguments.engine.jobs,
                                                            .label = "uncertainty"});
    outcome.uncertainty_text = uncertainty_text(uncertainty);
    outcome.uncertainty_json = uncertainty_json(uncertainty);
}

std::size_t count(const SweepOutcome& outcome, bool (*what)(const SweepPointResult&)) {
    return static_cast<std::size_t>(std::count_if(outcome.points.begin(), outcome.points.end(), what));
}

int status_of(const SweepOutcome& outcome) {
    std::vector<ChildOutcome> ends;
    for (const SweepPointResult& point : outcome.points) {
        ends.push_back(point.outcome);
    }
    return exit_status(ends);
}

void print_prepared(const SweepOutcome& outcome, const std::string& folder, bool quiet, std::ostream& out) {
    const std::size_t left = count(outcome, [](const SweepPointResult& p) { return p.prepared; });
    if (!quiet) {
        const auto waiting =
            std::find_if(outcome.points.begin(), outcome.points.end(), [](const auto& p) { return p.prepared; });
        const std::vector<SweepStage>& stages = outcome.sweep.stages;
        const std::string stage = stages.empty() ? "" : ", stage " + stages[waiting->stage].name;
        out << "prepared " << grouped(outcome.points.size()) << " points, " << grouped(left) << " to be run" << stage
            << "\n"
            << "each task: myriad point " << folder << " INDEX   (INDEX from 0 to " << outcome.points.size() - 1
            << ")\n"
            << (stage.empty() ? "then: the same command without --prepare collects them\n"
                              : "then: the same command prepares the next stage, and the same without --prepare "
                                "collects\n");
    }
    out << "result: " << folder << "/\n";
}

}  // namespace

int sweep_command(const SweepArguments& arguments, std::ostream& out) {
    const std::string name = std::filesystem::path(arguments.sweep).stem().string();
    const std::string folder = arguments.out_folder.empty() ? default_result_folder(name) : arguments.out_folder;
    const InterruptFlag interrupts;
    SweepOutcome outcome = run(arguments, folder);
    if (outcome.interrupted != 0) {
        const std::size_t finished =
            count(outcome, [](const SweepPointResult& p) { return p.outcome != ChildOutcome::cancelled; });
        std::cerr << interrupted_text(finished, outcome.points.size()) << "\n";
        return 128 + outcome.interrupted;
    }
    const bool quiet = arguments.engine.quiet;
    if (std::any_of(outcome.points.begin(), outcome.points.end(), [](const auto& point) { return point.prepared; })) {
        print_prepared(outcome, folder, quiet, out);
        return 0;
    }
    add_uncertainty(arguments, outcome);
    write_sweep_folder(folder, outcome);
    if (arguments.json) {
        out << sweep_json(outcome);
        return status_of(outcome);
    }
    if (!quiet) {
        const std::size_t reused = count(outcome, [](const SweepPointResult& p) { return p.reused; });
        const std::size_t run = count(outcome, [](const SweepPointResult& p) { return !p.reused && !p.key.empty(); });
        out << sweep_summary(outcome) << "host: " << points_text(outcome.points.size(), reused, run, outcome.elapsed)
            << "\n"
            << unused_text(outcome.unused_records, arguments.engine.prune);
    }
    out << "result: " << folder << "/\n";
    for (const SweepPlot& plot : outcome.sweep.plots) {
        if (!quiet) {
            out << "plot: " << folder << "/" << plot.name << ".svg\n";
        }
    }
    return status_of(outcome);
}

}  // namespace myriad
