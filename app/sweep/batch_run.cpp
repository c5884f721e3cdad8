// A batch is a sweep without axes: its points are files. The parent reads each file once for what the table says of it;
// reading it for the run is the engine's business.

#include "app/sweep/batch_run.h"

#include "app/result/words.h"
#include "app/store/model_version.h"
#include "app/sweep/sweep_database.h"
#include "app/sweep/sweep_folder.h"
#include "sim/config/document.h"
#include "sim/config/parse_cache.h"
#include "sim/error/error.h"
#include "sim/process/interrupt_flag.h"
#include "sim/progress/progress_line.h"

#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <numeric>
#include <set>
#include <system_error>
#include <utility>
#include <variant>

namespace myriad {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> yaml_files_in(const std::string& folder) {
    std::vector<std::string> files;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        if (at->path().filename().string().starts_with('.') || at->path().filename() == "store") {
            at.disable_recursion_pending();  // results and hidden folders
        } else if (at->path().extension() == ".yaml" && at->is_regular_file(error)) {
            files.push_back(at->path().lexically_normal().string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<std::string> matches_of(const std::string& pattern) {
    glob_t found{};
    std::vector<std::string> files;
    if (glob(pattern.c_str(), 0, nullptr, &found) == 0) {
        files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    }
    globfree(&found);
    return files;
}

std::string kind_of(const std::string& file) {
    try {
        return kind_of_file(file).name;
    } catch (const UserError&) {
        return {};  // its own error is told when it is loaded
    }
}

std::string workload_text(const Scenario& scenario) {
    struct Words {
        std::string operator()(const TrainingWorkload& w) const { return "training of " + w.model.name; }
        std::string operator()(const InferenceWorkload& w) const {
            return std::string(w.plan.phase == InferencePhase::decode ? "decode of " : "prefill of ") + w.model.name;
        }
        std::string operator()(const CollectiveWorkload& w) const {
            const Bytes largest = w.sizes.empty() ? Bytes{} : *std::max_element(w.sizes.begin(), w.sizes.end());
            return std::string(name_of(w.op)) + " " + human_text(largest) +
                   (w.sizes.size() > 1 ? ", largest of " + std::to_string(w.sizes.size()) + " sizes" : "");
        }
        std::string operator()(const OverlapWorkload&) const { return "overlap"; }
        std::string operator()(const TrafficWorkload& w) const {
            return "traffic " + std::string(name_of(w.traffic.pattern));
        }
        std::string operator()(const IterationWorkload&) const { return "iteration"; }
    };
    return std::visit(Words{}, scenario.workload);
}

Overrides all_overrides(const BatchOptions& options) {
    Overrides all = options.overrides;
    if (!options.network.empty()) {
        all.push_back("fidelity.network=" + options.network);
    }
    if (!options.card.empty()) {
        all.push_back("fidelity.card=" + options.card);
    }
    return all;
}

EngineScenario load(const std::string& file, const Overrides& overrides) {
    Loaded<Scenario> loaded = load_scenario(file, overrides);
    return {std::move(loaded.value), std::move(loaded.document), {}};
}

BatchRow describe(std::size_t index, const std::string& file, const Overrides& overrides) {
    BatchRow row;
    row.index = index;
    row.file = file;
    try {
        const Scenario scenario = load_scenario(file, overrides).value;
        row.name = scenario.name;
        row.workload = workload_text(scenario);
        row.cluster = scenario.cluster.cluster.name;
        row.cards = std::to_string(scenario.cluster.cards());
        row.network = name_of(scenario.fidelity.network);
        row.card = name_of(scenario.fidelity.card);
    } catch (const UserError&) {  // NOLINT(bugprone-empty-catch): told as the row's reason
        row.name = fs::path(file).stem().string();
    }
    return row;
}

std::vector<DatabaseAxis> database_axes() {
    std::vector<DatabaseAxis> axes;
    for (const char* name : {"name", "file", "workload", "cluster", "cards", "network", "card"}) {
        axes.push_back({.name = name, .role = "label", .values = {}});
    }
    return axes;
}

std::vector<std::string> labels_of(const BatchRow& row) {
    return {row.name, row.file, row.workload, row.cluster, row.cards, row.network, row.card};
}

void begin_database(Database& database, const std::vector<BatchRow>& rows) {
    database.begin({{"schema", "myriad-sweep-store/1"},
                    {"kind", "batch"},
                    {"name", "batch"},
                    {"title", "batch"},
                    {"model", std::string(model_version())}},
                   database_axes());
    std::vector<DatabasePoint> points;
    for (const BatchRow& row : rows) {
        DatabasePoint point;
        point.index = row.index;
        point.labels = labels_of(row);
        point.status = "pending";
        points.push_back(std::move(point));
    }
    database.put(points);
}

}  // namespace

std::vector<std::string> find_scenarios(const std::vector<std::string>& places, std::vector<std::string>& skipped) {
    std::vector<std::string> files;
    std::set<std::string> seen;
    for (const std::string& place : places) {
        std::error_code error;
        const bool is_folder = fs::is_directory(place, error);
        const bool is_pattern = !is_folder && place.find_first_of("*?[") != std::string::npos;
        const std::vector<std::string> found = is_folder    ? yaml_files_in(place)
                                               : is_pattern ? matches_of(place)
                                                            : std::vector<std::string>{place};
        if (found.empty()) {
            throw UserError("no file matches '" + place + "'; expected scenarios (*.yaml)");
        }
        for (const std::string& file : found) {
            const std::string kind = kind_of(file);
            if ((is_folder || is_pattern) && !kind.empty() && kind != "scenario") {
                skipped.push_back(file + ": skipped, it is a " + kind);
            } else if (seen.insert(file).second) {
                files.push_back(file);
            }
        }
        if (!is_folder && !is_pattern && !fs::exists(place, error)) {
            throw UserError("there is no file or folder '" + place + "'");
        }
    }
    if (files.empty()) {
        throw UserError("no scenario among what was given; expected files with 'kind: scenario'");
    }
    return files;
}

BatchOutcome run_batch(const std::vector<std::string>& files, const BatchOptions& options) {
    const Stopwatch running;
    const ParseCache parsed;
    BatchOutcome outcome;
    const Overrides overrides = all_overrides(options);
    for (std::size_t i = 0; i < files.size(); ++i) {
        outcome.rows.push_back(describe(i, files[i], overrides));
    }
    check_sweep_folder(options.folder);
    const Store store = Store::make(options.folder);
    const StoreLock lock(store);
    Database database = open_database(database_path(store));
    begin_database(database, outcome.rows);
    std::unique_ptr<ProgressLine> line;
    std::size_t done = 0;
    EngineOptions engine = options.engine;
    engine.name = "batch";
    engine.on_start = [&](std::size_t known) {
        if (options.progress) {
            line = std::make_unique<ProgressLine>("batch", static_cast<std::int64_t>(files.size()),
                                                  progress_on_stderr(), static_cast<std::int64_t>(known));
        }
    };
    std::vector<std::size_t> points(files.size());
    std::iota(points.begin(), points.end(), std::size_t{0});
    std::vector<EnginePoint> ends =
        Engine(
            &store, [&](std::size_t index) { return load(files[index], overrides); }, engine)
            .run(points, [&](const EnginePoint& end) {
                ++done;
                if (line) {
                    line->update(static_cast<std::int64_t>(done), outcome.rows[end.index].name);
                }
                database.put({database_point(end, labels_of(outcome.rows[end.index]), 0)});
            });
    std::set<std::string> used;
    for (EnginePoint& end : ends) {
        used.insert(end.record.key);
        outcome.rows[end.index].end = std::move(end);
    }
    database.finish(database_axes());
    outcome.interrupted = InterruptFlag::signal();
    const bool prunes = options.prune && outcome.interrupted == 0;
    outcome.unused_records = prunes ? store.prune(used) : store.unused(used);
    outcome.elapsed = running.elapsed();
    return outcome;
}

}  // namespace myriad
