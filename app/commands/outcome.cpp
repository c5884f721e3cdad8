// Running a loaded scenario and writing its folder.

#include "app/commands/outcome.h"

#include "app/commands/option_place.h"
#include "app/result/folder.h"
#include "app/run/assumptions.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace myriad {
Loaded<Scenario> load_run(const RunArguments& arguments) {
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

RunOutcome run_loaded(const Loaded<Scenario>& loaded, const RunOptions& options) {
    RunOutcome outcome = run_scenario(loaded.value, options);
    outcome.report.assumed = assumptions(loaded);
    return outcome;
}

std::string host_text(const RunOutcome& outcome) {
    const HostReport& host = outcome.host;
    std::string text = fmt::format("host: built in {:.2f} s with {:.0f} MiB, ran in {:.2f} s, peak {:.0f} MiB",
                                   host.build_s, host.build_memory_mib, host.run_s, host.peak_memory_mib);
    if (outcome.report.counters.hops > 0 && host.run_s > 0) {
        text += fmt::format("; {:.2f} million packet hops, {:.1f} million/s",
                            static_cast<double>(outcome.report.counters.hops) * 1e-6,
                            static_cast<double>(outcome.report.counters.hops) * 1e-6 / host.run_s);
    }
    if (outcome.report.kernels) {
        text += fmt::format("; {} kernels simulated in {:.2f} s, {} from the cache", host.kernels_simulated,
                            host.kernels_s, host.kernels_from_cache);
    }
    return text + "\n";
}

void write_outcome(const std::string& folder, const RunOutcome& outcome, const Loaded<Scenario>& loaded) {
    write_result_folder(folder, outcome, loaded.document.effective_yaml(), make_manifest(loaded.value.seed));
}

}  // namespace myriad
