// `myriad sweep`: all points of a sweep, tables on the terminal, a CSV in a folder.

#include "app/commands/commands.h"
#include "app/result/folder.h"
#include "app/sweep/sweep_run.h"
#include "sim/progress/progress_line.h"

#include <filesystem>
#include <ostream>

namespace myriad {

bool sweep_command(const SweepArguments& arguments, std::ostream& out) {
    const std::string name = std::filesystem::path(arguments.sweep).stem().string();
    const std::string folder = arguments.out_folder.empty() ? default_result_folder(name) : arguments.out_folder;
    SweepOptions options;
    options.jobs = arguments.jobs;
    options.network = arguments.network;
    options.card = arguments.card;
    check_result_folder(folder);  // before the points, not after
    const SweepOutcome outcome = run_sweep(arguments.sweep, arguments.overrides, options);
    write_sweep_folder(folder, outcome);
    if (arguments.json) {
        out << sweep_json(outcome);
    } else {
        out << sweep_summary(outcome) << "host: " << outcome.points.size() << " points in "
            << duration_text(outcome.elapsed) << "\nresult: " << folder << "/\n";
    }
    return outcome.failures() < outcome.points.size();
}

}  // namespace myriad
