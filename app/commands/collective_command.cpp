// `myriad collective`: a scenario made from the command line, printed as nccl-tests prints.

#include "app/commands/commands.h"
#include "app/commands/outcome.h"
#include "app/result/folder.h"
#include "app/result/result_json.h"
#include "app/result/summary.h"
#include "sim/error/error.h"

#include <fmt/format.h>

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
        result += c;
    }
    return result + "\"";
}

std::string scenario_text(const CollectiveArguments& arguments) {
    std::string text = fmt::format(
        "myriad: 1\nkind: scenario\ntitle: {} on {}\ncluster: {}\nfidelity: {{network: {}, cell: {}}}\n"
        "workload:\n  collective:\n    op: {}\n    algorithm: {}\n    sizes: [{}]\n",
        arguments.op, arguments.cluster, quoted(arguments.cluster), quoted(arguments.network), quoted(arguments.cell),
        quoted(arguments.op), quoted(arguments.algorithm), quoted(arguments.sizes));
    if (arguments.ranks > 0) {
        text += fmt::format("    ranks: {}\n", arguments.ranks);
    }
    return text;
}

}  // namespace

void collective_command(const CollectiveArguments& arguments, std::ostream& out) {
    std::vector<std::string> overrides;
    for (const std::string& override_text : arguments.overrides) {
        overrides.push_back("cluster." + override_text);
    }
    const Loaded<Scenario> loaded =
        load_scenario_text(scenario_text(arguments), "collective.yaml", overrides);
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
