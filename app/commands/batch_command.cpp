// `myriad batch`: unrelated scenarios, one table.

#include "app/commands/commands.h"
#include "app/commands/engine_arguments.h"
#include "app/commands/option_place.h"
#include "app/sweep/batch_run.h"
#include "sim/process/interrupt_flag.h"

#include <algorithm>
#include <iostream>
#include <ostream>

namespace myriad {
namespace {

BatchOptions options_of(const BatchArguments& arguments, const std::string& folder) {
    const EngineChoice choice = engine_choice(arguments.engine);
    BatchOptions options;
    options.overrides = arguments.overrides;
    options.network = arguments.network;
    options.card = arguments.card;
    options.progress = !arguments.engine.quiet;
    options.folder = folder;
    options.prune = arguments.engine.prune;
    options.engine.jobs = arguments.engine.jobs;
    options.engine.limits = choice.limits;
    options.engine.retries = choice.retries.value_or(choice.executor == ExecutorKind::slurm ? 1 : 0);
    options.engine.kernel_cache = !arguments.no_kernel_cache;
    options.engine.executor = choice.executor;
    options.engine.slurm = choice.slurm;
    return options;
}

}  // namespace

int batch_command(const BatchArguments& arguments, std::ostream& out) {
    const std::string folder = arguments.out_folder.empty() ? "results/batch" : arguments.out_folder;
    const BatchOptions options = options_of(arguments, folder);
    const InterruptFlag interrupts;
    std::vector<std::string> skipped;
    const std::vector<std::string> files = find_scenarios(arguments.places, skipped);
    BatchOutcome outcome = run_batch(files, options);
    outcome.skipped = std::move(skipped);
    std::vector<ChildOutcome> ends;
    std::size_t reused = 0;
    std::size_t finished = 0;
    std::size_t prepared = 0;
    std::size_t run = 0;
    for (const BatchRow& row : outcome.rows) {
        ends.push_back(row.end.record.outcome);
        reused += row.end.reused ? 1U : 0U;
        run += row.end.attempts > 0 ? 1U : 0U;
        prepared += row.end.prepared ? 1U : 0U;
        finished += row.end.record.outcome != ChildOutcome::cancelled ? 1U : 0U;
    }
    if (outcome.interrupted != 0) {
        std::cerr << interrupted_text(finished, outcome.rows.size()) << "\n";
        return 128 + outcome.interrupted;
    }
    if (prepared > 0) {
        out << "prepared " << grouped(outcome.rows.size()) << " points, " << grouped(prepared)
            << " to be run\nresult: " << folder << "/\n";
        return 0;
    }
    write_batch_folder(folder, outcome);
    if (arguments.json) {
        out << batch_json(outcome);
        return exit_status(ends);
    }
    if (!arguments.engine.quiet) {
        out << batch_table(outcome) << "host: " << points_text(outcome.rows.size(), reused, run, outcome.elapsed)
            << "\n"
            << unused_text(outcome.unused_records, arguments.engine.prune);
    }
    out << "result: " << folder << "/\n";
    return exit_status(ends);
}

}  // namespace myriad
