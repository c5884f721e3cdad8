// `myriad compare`: result folders, or scenarios that are run first, each in a child of its own because SystemC elaborates
// once a process.

#include "app/commands/commands.h"
#include "app/commands/outcome.h"
#include "app/comparison/comparison.h"
#include "app/comparison/comparison_folder.h"
#include "app/result/folder.h"
#include "app/result/result_json.h"
#include "sim/error/error.h"
#include "sim/process/children.h"
#include "sim/progress/progress_line.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>

namespace myriad {
namespace {

namespace fs = std::filesystem;

bool is_scenario(const std::string& argument) { return argument.ends_with(".yaml"); }

// "results/quickstart/" and "scenarios/quickstart.yaml" are both called quickstart.
std::string short_name(const std::string& argument) {
    fs::path path(argument);
    while (!path.has_filename() && path.has_relative_path()) {
        path = path.parent_path();
    }
    return is_scenario(argument) ? path.stem().string() : path.filename().string();
}

// Short where that tells the runs apart, else as given.
std::vector<std::string> names_of(const std::vector<std::string>& arguments) {
    std::vector<std::string> names;
    for (const std::string& argument : arguments) {
        const auto same = [&](const std::string& other) { return short_name(other) == short_name(argument); };
        names.push_back(std::count_if(arguments.begin(), arguments.end(), same) > 1 ? argument : short_name(argument));
    }
    return names;
}

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file) {
        throw UserError(SourceMark{path.string(), 0, 0}, "cannot be read");
    }
    return text;
}

RunFiles read_folder(const std::string& folder) {
    constexpr const char* kExpected = "expected a folder that 'myriad run' has left, or a scenario (.yaml)";
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) {
        throw UserError(SourceMark{folder, 0, 0}, fmt::format("there is no such folder, {}", kExpected));
    }
    const fs::path path(folder);
    for (const char* file : {"result.json", "effective.yaml"}) {
        if (!fs::is_regular_file(path / file, ignored)) {
            throw UserError(SourceMark{folder, 0, 0}, fmt::format("there is no {} in it, {}", file, kExpected));
        }
    }
    const bool has_activity = fs::is_regular_file(path / "activity.json", ignored);
    return {folder, read_file(path / "result.json"), has_activity ? read_file(path / "activity.json") : "",
            read_file(path / "effective.yaml")};
}

// The child's side.
std::string run_scenario_file(const std::string& path, const CompareArguments& arguments) {
    RunArguments run;
    run.scenario = path;
    run.overrides = arguments.overrides;
    const Loaded<Scenario> loaded = load_run(run);
    const RunOutcome outcome = run_loaded(loaded, {.progress = false, .kernel_cache = !arguments.no_kernel_cache});
    return nlohmann::json{result_json(outcome.report), loaded.document.effective_yaml()}.dump();
}

RunFiles unpack(const std::string& path, const ChildResult& child) {
    if (!child.succeeded()) {
        if (child.outcome == ChildOutcome::user_error) {
            throw UserError(child.reason);
        }
        throw std::runtime_error(fmt::format("{}: {}", path, child.reason));
    }
    const nlohmann::json parts = nlohmann::json::parse(child.payload);
    return {path, parts[0], "", parts[1]};
}

std::vector<RunFiles> files_of(const CompareArguments& arguments) {
    std::vector<RunFiles> files(arguments.runs.size());
    std::vector<std::size_t> scenarios;
    for (std::size_t i = 0; i < arguments.runs.size(); ++i) {
        if (is_scenario(arguments.runs[i])) {
            scenarios.push_back(i);
        } else {
            files[i] = read_folder(arguments.runs[i]);  // before anything runs
        }
    }
    if (scenarios.empty() && !arguments.overrides.empty()) {
        throw UserError("--set has no effect: no scenario is run, expected a scenario (.yaml) among the runs");
    }
    ProgressLine line("compare", static_cast<std::int64_t>(scenarios.size()));
    ChildOptions options{.parallel_max = arguments.jobs, .timeout = {}, .on_done = {}};
    options.on_done = [&](const ChildResult&, std::size_t done) { line.update(static_cast<std::int64_t>(done)); };
    const std::vector<ChildResult> children = run_children(
        scenarios.size(), [&](std::size_t i) { return run_scenario_file(arguments.runs[scenarios[i]], arguments); },
        options);
    line.finish();
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        files[scenarios[i]] = unpack(arguments.runs[scenarios[i]], children[i]);
    }
    return files;
}

std::string folder_name(const std::vector<std::string>& arguments) {
    std::string name;
    for (const std::string& argument : arguments) {
        name += (name.empty() ? "" : "_vs_") + short_name(argument);
    }
    return default_result_folder(name);
}

}  // namespace

void compare_command(const CompareArguments& arguments, std::ostream& out) {
    const std::string folder = arguments.out_folder.empty() ? folder_name(arguments.runs) : arguments.out_folder;
    if (!arguments.no_result) {
        check_result_folder(folder);
    }
    const std::vector<RunFiles> files = files_of(arguments);
    const std::vector<std::string> names = names_of(arguments.runs);
    std::vector<ComparedRun> runs;
    for (std::size_t i = 0; i < files.size(); ++i) {
        runs.push_back(read_compared_run(names[i], files[i]));
    }
    const Comparison comparison = compare_runs(std::move(runs));
    out << (arguments.json ? comparison_json(comparison) : comparison_text(comparison));
    if (arguments.no_result) {
        return;
    }
    write_comparison_folder(folder, comparison, files);
    if (!arguments.json) {
        out << "\nresult: " << folder << "/\n";
    }
}

}  // namespace myriad
