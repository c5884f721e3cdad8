// `myriad collective`: a scenario made from the command line, printed as nccl-tests prints.

#include "app/commands/commands.h"
#include "app/commands/option_place.h"
#include "app/commands/outcome.h"
#include "app/result/folder.h"
#include "app/result/result_json.h"
#include "app/result/summary.h"
#include "sim/error/error.h"

#include <ostream>

namespace myriad {

namespace {

// Double-quoted YAML: any text of a command line stays one value.
std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
        }
        if (c == '\n') {
            result += "\\n";  // stays one line, so that places hold
        } else {
            result += c;
        }
    }
    return result + "\"";
}

constexpr const char* kScenarioFile = "collective.yaml";

// A scenario of one value a line, and which option each line comes from.
struct ScenarioText {
    std::string text;
    std::vector<OptionPlace> places;

    void add(const std::string& line) {
        text += line + "\n";
        ++lines_;
    }
    void add(const std::string& key, const std::string& option, const std::string& value) {
        add(key + quoted(value));
        places.push_back({kScenarioFile, lines_, option.empty() ? "" : option + " " + value});
    }

private:
    int lines_ = 0;
};

ScenarioText scenario_text(const CollectiveArguments& arguments) {
    ScenarioText scenario;
    scenario.add("myriad: 1");
    scenario.add("kind: scenario");
    scenario.add("title: " + quoted(arguments.op + " on " + arguments.cluster));
    scenario.add("cluster: ", "", arguments.cluster);
    scenario.add("fidelity:");
    scenario.add("  network: ", "--network", arguments.network);
    scenario.add("  cell: ", "--cell", arguments.cell);
    scenario.add("workload:");
    scenario.add("  collective:");
    scenario.add("    op: ", "--op", arguments.op);
    // A file is a schedule of the user's own.
    const bool own = arguments.algorithm.ends_with(".yaml");
    scenario.add(own ? "    schedule: " : "    algorithm: ", "--algorithm", arguments.algorithm);
    scenario.add("    sizes:");
    scenario.add("      - ", "--sizes", arguments.sizes);
    if (!arguments.ranks.empty()) {
        scenario.add("    ranks: ", "--ranks", arguments.ranks);
    }
    scenario.places.push_back({kScenarioFile, 0, ""});
    return scenario;
}

Loaded<Scenario> load(const CollectiveArguments& arguments) {
    ScenarioText scenario = scenario_text(arguments);
    std::vector<std::string> overrides;
    for (const std::string& override_text : arguments.overrides) {
        overrides.push_back("cluster." + override_text);
        scenario.places.push_back({"--set " + overrides.back(), 0, "--set " + override_text});
    }
    try {
        return load_scenario_text(scenario.text, kScenarioFile, overrides);
    } catch (const UserError& error) {
        throw told_by_option(error, scenario.places);
    }
}

}  // namespace

void collective_command(const CollectiveArguments& arguments, std::ostream& out) {
    const Loaded<Scenario> loaded = load(arguments);
    if (!arguments.out_folder.empty()) {
        check_result_folder(arguments.out_folder);  // before the run, not after
    }
    const RunOutcome outcome = run_loaded(loaded);
    if (arguments.json) {
        out << result_json(outcome.report);
    } else {
        out << summary_text(outcome.report) << host_text(outcome);
    }
    if (!arguments.out_folder.empty()) {
        write_outcome(arguments.out_folder, outcome, loaded);
    }
}

}  // namespace myriad
