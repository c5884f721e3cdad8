// `myriad run`: one scenario, its summary on the terminal, its result in a folder.

#include "app/commands/commands.h"
#include "app/commands/option_place.h"
#include "app/commands/outcome.h"
#include "app/result/folder.h"
#include "app/result/result_json.h"
#include "app/result/summary.h"

#include <filesystem>
#include <ostream>

namespace myriad {

namespace {

Loaded<Scenario> load(const RunArguments& arguments) {
    std::vector<std::string> overrides = arguments.overrides;
    std::vector<OptionPlace> places;
    const auto put = [&](const std::string& path, const std::string& option, const std::string& value) {
        if (!value.empty()) {
            overrides.push_back(path + "=" + value);
            places.push_back({"--set " + overrides.back(), 0, option + " " + value});
        }
    };
    put("fidelity.network", "--network", arguments.network);
    put("fidelity.card", "--card", arguments.card);
    try {
        return load_scenario(arguments.scenario, overrides);
    } catch (const UserError& error) {
        throw told_by_option(error, places);
    }
}

}  // namespace

void run_command(const RunArguments& arguments, std::ostream& out) {
    const Loaded<Scenario> loaded = load(arguments);
    const std::string name = std::filesystem::path(arguments.scenario).stem().string();
    const std::string folder = arguments.out_folder.empty() ? default_result_folder(name) : arguments.out_folder;
    if (!arguments.quiet) {
        check_result_folder(folder);  // before the run, not after
    }
    const RunOutcome outcome = run_loaded(loaded, {.kernel_cache = !arguments.no_kernel_cache});
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
    }
}

}  // namespace myriad
