// `myriad collective`: a scenario made from the command line, printed as nccl-tests prints; or several of them, compared.

#include "app/commands/commands.h"
#include "app/commands/option_place.h"
#include "app/commands/outcome.h"
#include "app/commands/output_file.h"
#include "app/compare/collective_comparison.h"
#include "app/config_files/words.h"
#include "app/result/folder.h"
#include "app/result/result_json.h"
#include "app/result/summary.h"
#include "sim/error/error.h"

#include <algorithm>
#include <ostream>
#include <sstream>

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
constexpr int kTracedRanks = 8;

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

// `arguments` with one cluster, operation and algorithm.
ScenarioText scenario_text(const CollectiveArguments& arguments) {
    ScenarioText scenario;
    const std::string& cluster = arguments.clusters.front();
    scenario.add("myriad: 1");
    scenario.add("kind: scenario");
    scenario.add("title: " + quoted(arguments.op + " on " + cluster));
    scenario.add("cluster: ", "", cluster);
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

std::vector<std::string> by_commas(const std::string& text) {
    std::vector<std::string> words;
    std::istringstream list(text);
    for (std::string word; std::getline(list, word, ',');) {
        const auto first = word.find_first_not_of(' ');
        words.push_back(first == std::string::npos ? "" : word.substr(first, word.find_last_not_of(' ') - first + 1));
    }
    return words.empty() ? std::vector<std::string>{""} : words;
}

// As libraries and their users say it.
std::string algorithm_word(const std::string& word) { return word == "auto" ? "automatic" : word; }

// In a comparison a wrong word is wrong for all; what only one cluster cannot do is told in the table.
template <class E, std::size_t N>
void check_words(const std::string& option, const std::vector<std::string>& words, const Word<E> (&table)[N]) {
    std::vector<std::string> names;
    std::string list;
    for (const Word<E>& entry : table) {
        names.emplace_back(entry.name);
        list += (list.empty() ? "" : ", ") + names.back();
    }
    for (const std::string& word : words) {
        const bool own = word.ends_with(".yaml");  // a schedule of the user's own
        if (!own && std::find(names.begin(), names.end(), word) == names.end()) {
            throw UserError(SourceMark{option + " " + word, 0, 0},
                            "expected one of " + list + ", found '" + word + "'" + did_you_mean(word, names));
        }
        if (std::count(words.begin(), words.end(), word) > 1) {
            throw UserError(SourceMark{option + " " + word, 0, 0}, "'" + word + "' is there twice");
        }
    }
}

struct Comparison {
    CollectiveComparison result;
    std::vector<CollectiveArguments> runs;  // of result.series
};

Comparison comparison_of(const CollectiveArguments& arguments, const std::vector<std::string>& operations,
                         const std::vector<std::string>& algorithms) {
    check_words("--op", operations, kCollectiveOpWords);
    check_words("--algorithm", algorithms, kCollectiveAlgorithmWords);
    for (const std::string& cluster : arguments.clusters) {
        if (std::count(arguments.clusters.begin(), arguments.clusters.end(), cluster) > 1) {
            throw UserError("cluster '" + cluster + "' is there twice");
        }
        static_cast<void>(load_cluster(cluster, arguments.overrides));
    }
    Comparison comparison;
    comparison.result.network = arguments.network;
    for (const std::string& operation : operations) {
        for (const std::string& cluster : arguments.clusters) {
            for (const std::string& algorithm : algorithms) {
                CollectiveArguments& run = comparison.runs.emplace_back(arguments);
                run.clusters = {cluster};
                run.op = operation;
                run.algorithm = algorithm;
                comparison.result.series.push_back({operation, cluster, algorithm, {}, {}, {}});
            }
        }
    }
    return comparison;
}

// Nothing ran: what the first one says, or, if all say the same, what they say.
void throw_if_none_ran(const CollectiveComparison& comparison) {
    const auto& series = comparison.series;
    if (std::any_of(series.begin(), series.end(), [](const CollectiveSeries& one) { return one.ran(); })) {
        return;
    }
    const CollectiveSeries& first = series.front();
    if (first.outcome == ChildOutcome::law_error) {
        throw LawError("of a collective", first.operation + " on " + first.cluster, first.reason);
    }
    throw UserError("nothing could be run: " + first.operation + " on " + first.cluster + " by " + first.wanted + ": " +
                    first.reason);
}

void compare(const CollectiveArguments& arguments, const std::vector<std::string>& operations,
             const std::vector<std::string>& algorithms, std::ostream& out) {
    if (!arguments.out_folder.empty()) {
        throw UserError(SourceMark{"--out " + arguments.out_folder, 0, 0},
                        "a result folder holds one run, but several are compared; --csv and --json write them all");
    }
    if (!arguments.trace_file.empty()) {
        throw UserError(SourceMark{"--trace " + arguments.trace_file, 0, 0},
                        "a trace shows one run, but several are compared");
    }
    check_output_file("--csv", arguments.csv_file);
    check_output_file("--plot", arguments.plot_file);
    Comparison comparison = comparison_of(arguments, operations, algorithms);
    run_series(
        comparison.result.series,
        [&](std::size_t index) {
            return run_loaded(load(comparison.runs[index]), {.progress = false}).report.collectives;
        },
        arguments.jobs, true);
    throw_if_none_ran(comparison.result);
    if (!arguments.csv_file.empty()) {
        write_output_file("--csv", arguments.csv_file, comparison_csv(comparison.result));
    }
    if (!arguments.plot_file.empty()) {
        write_output_file("--plot", arguments.plot_file, comparison_svg(comparison.result));
    }
    out << (arguments.json ? comparison_json(comparison.result) : comparison_text(comparison.result));
}

}  // namespace

void collective_command(const CollectiveArguments& given, std::ostream& out) {
    const std::vector<std::string> operations = by_commas(given.op);
    std::vector<std::string> algorithms = by_commas(given.algorithm);
    std::transform(algorithms.begin(), algorithms.end(), algorithms.begin(), algorithm_word);
    CollectiveArguments arguments = given;
    if (given.clusters.size() > 1 || operations.size() > 1 || algorithms.size() > 1 || !given.csv_file.empty() ||
        !given.plot_file.empty()) {
        compare(arguments, operations, algorithms, out);
        return;
    }
    arguments.algorithm = algorithms.front();
    const Loaded<Scenario> loaded = load(arguments);
    if (!arguments.out_folder.empty()) {
        check_result_folder(arguments.out_folder);  // before the run, not after
    }
    check_output_file("--trace", arguments.trace_file);
    const bool traced = !arguments.trace_file.empty();
    const RunOutcome outcome =
        run_loaded(loaded, {.activity = !arguments.out_folder.empty(), .trace_ranks = traced ? kTracedRanks : 0});
    if (traced) {
        write_output_file("--trace", arguments.trace_file, outcome.trace);
    }
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
