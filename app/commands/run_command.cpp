// `myriad run`: one scenario, its summary on the terminal, its result in a folder.

#include "app/commands/commands.h"
#include "app/commands/outcome.h"
#include "app/result/folder.h"
#include "app/result/result_json.h"
#include "app/result/summary.h"

#include <filesystem>
#include <ostream>

namespace myriad {

void run_command(const RunArguments& arguments, std::ostream& out) {
    const Loaded<Scenario> loaded = load_run(arguments);
    const std::string name = std::filesystem::path(arguments.scenario).stem().string();
    const std::string folder = arguments.out_folder.empty() ? default_result_folder(name) : arguments.out_folder;
    if (!arguments.quiet) {
        check_result_folder(folder);  // before the run, not after
    }
    const RunOutcome outcome = run_loaded(loaded, {.kernel_cache = !arguments.no_kernel_cache,
                                                   .activity = !arguments.quiet,
                                                   .trace_ranks = arguments.trace_ranks});
    if (arguments.json) {
        out << result_json(outcome.report);
    } else {
        out << summary_text(outcome.report) << host_text(outcome);
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
