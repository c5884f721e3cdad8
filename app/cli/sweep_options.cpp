// Options and help of the commands around a sweep: sweep, batch, point, export.

#include "app/cli/command_options.h"
#include "app/cli/quiet_output.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace myriad {
namespace {

void add_engine(CLI::App& command, EngineArguments& arguments) {
    command.add_option("-j,--jobs", arguments.jobs, "Points at the same time (default: one a core)")
        ->check(whole_number(1, 1024))
        ->type_name("N");
    command.add_option("--timeout", arguments.timeout, "Kill a point after this time of the host, like 10min")
        ->type_name("TIME");
    command.add_option("--memory", arguments.memory, "What a point may allocate, like 4GiB")->type_name("SIZE");
    command
        .add_option("--retries", arguments.retries,
                    "Try a point that crashed or met a limit so often again (default: 0; slurm: 1)")
        ->check(whole_number(0, 100))
        ->type_name("N");
    command.add_option("--executor", arguments.executor, "local, slurm, or none: as --prepare")->type_name("NAME");
    command
        .add_option("--slurm-options", arguments.slurm_options, "Handed to sbatch, like \"--partition=p --time=60\"")
        ->type_name("TEXT");
    command.add_option("--chunk", arguments.chunk, "Points a Slurm task (default: about 100 tasks)")
        ->check(whole_number(1, 1'000'000))
        ->type_name("N");
    command.add_option("--program", arguments.program, "Path of myriad on the nodes (default: that of this one)")
        ->type_name("PATH");
    command.add_flag("--prepare", arguments.prepare, "Only write the store; 'myriad point' runs the points");
    command.add_flag("--prune", arguments.prune, "Remove kept results that no point uses any more");
    command.add_flag("-q,--quiet", arguments.quiet, kQuietHelp);
}

}  // namespace

void add_sweep(CLI::App& app, SweepArguments& arguments, Chosen& chosen) {
    CLI::App& command = *app.add_subcommand("sweep", "Run every combination of the axes of a sweep file");
    command.add_option("sweep", arguments.sweep, "Sweep file (.yaml)")->required()->type_name("SWEEP.yaml");
    add_overrides(command, arguments.overrides, "scenario.cluster=ppu-16");
    add_levels(command, arguments.network, arguments.card);
    add_kernel_cache(command, arguments.no_kernel_cache);
    command.add_option("--out", arguments.out_folder, "Folder of the result (default: results/<sweep>)")
        ->type_name("DIR");
    add_uncertainty(command, arguments.uncertainty,
                    "Run N samples of every point over the ranges of what it assumes, 64 without N");
    command.add_flag("--json", arguments.json, "Print the points as JSON instead of tables");
    add_engine(command, arguments.engine);
    command.footer(
        "Called again, it runs only the points that are not finished.\n\n"
        "Examples:\n  myriad sweep scenarios/sweeps/icn_bandwidth.yaml -j 2\n"
        "  myriad sweep scenarios/sweeps/icn_bandwidth.yaml --network analytic --timeout 10min --memory 4GiB\n"
        "  myriad sweep scenarios/sweeps/icn_bandwidth.yaml --executor slurm --slurm-options \"--partition=p\"");
    command.callback(
        [&arguments, &chosen] { chosen = [&arguments](std::ostream& out) { return sweep_command(arguments, out); }; });
}

void add_batch(CLI::App& app, BatchArguments& arguments, Chosen& chosen) {
    CLI::App& command = *app.add_subcommand("batch", "Run many unrelated scenarios and put them in one table");
    command
        .add_option("scenarios", arguments.places, "Scenario files, folders of them, or patterns like 'runs/*.yaml'")
        ->required()
        ->type_name("DIR|GLOB|FILE");
    add_overrides(command, arguments.overrides, "fidelity.network=analytic");
    add_levels(command, arguments.network, arguments.card);
    add_kernel_cache(command, arguments.no_kernel_cache);
    command.add_option("--out", arguments.out_folder, "Folder of the result (default: results/batch)")
        ->type_name("DIR");
    command.add_flag("--json", arguments.json, "Print the rows as JSON instead of a table");
    add_engine(command, arguments.engine);
    command.footer(
        "Examples:\n  myriad batch scenarios/training --network analytic --card roofline\n"
        "  myriad batch 'night/*.yaml' -j 2 --timeout 1h --out results/night");
    command.callback(
        [&arguments, &chosen] { chosen = [&arguments](std::ostream& out) { return batch_command(arguments, out); }; });
}

void add_point(CLI::App& app, PointArguments& arguments, Chosen& chosen) {
    CLI::App& command = *app.add_subcommand("point", "Run points of a prepared sweep: a task of an array job");
    command.add_option("store", arguments.store, "Folder of the sweep's result")->required()->type_name("STORE");
    command.add_option("index", arguments.index, "Number of the point, from 0; with --chunk of the chunk")
        ->required()
        ->type_name("INDEX");
    command.add_option("--chunk", arguments.chunk, "Points INDEX x N to INDEX x N + N - 1")
        ->check(whole_number(1, 1'000'000))
        ->type_name("N");
    command.add_option("-j,--jobs", arguments.jobs, "Points at the same time (default: 1)")
        ->check(whole_number(1, 1024))
        ->type_name("N");
    command.add_option("--plan", arguments.plan, "Name of the plan (default: the one written last)")->type_name("HASH");
    command.add_flag("--scenario", arguments.scenario, "Print the point's scenario instead of running it");
    command.footer(
        "Examples:\n  myriad sweep scenarios/sweeps/parallel_plan.yaml --prepare\n"
        "  myriad point results/parallel_plan 13\n"
        "  myriad point results/parallel_plan $SLURM_ARRAY_TASK_ID --chunk 10\n"
        "  myriad point results/parallel_plan 13 --scenario > point.yaml");
    command.callback(
        [&arguments, &chosen] { chosen = [&arguments](std::ostream& out) { return point_command(arguments, out); }; });
}

void add_export(CLI::App& app, ExportArguments& arguments, Chosen& chosen) {
    CLI::App& command = *app.add_subcommand("export", "Write the points of a sweep or batch as CSV or JSON");
    command.add_option("store", arguments.store, "Folder of the result")->required()->type_name("STORE");
    command.add_option("--csv", arguments.csv_file, "Write them as CSV")->type_name("FILE");
    command.add_option("--json", arguments.json_file, "Write them as JSON")->type_name("FILE");
    command.footer(
        "What an unfinished sweep has so far is written too.\n\n"
        "Example:\n  myriad export results/parallel_plan --csv points.csv --json points.json");
    command.callback([&arguments, &chosen] {
        chosen = [&arguments](std::ostream& out) {
            export_command(arguments, out);
            return 0;
        };
    });
}

}  // namespace myriad
