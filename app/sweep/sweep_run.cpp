// A sweep is a loop over stages, and a stage a list of points for the engine. Results are put in order of points, so
// neither -j nor the order of endings, nor what was in the store before, can be seen.

#include "app/sweep/sweep_run.h"

#include "app/config_files/load.h"
#include "app/config_files/read_limits.h"
#include "app/sweep/halving.h"
#include "app/sweep/point_run.h"
#include "app/sweep/sweep_database.h"
#include "app/sweep/sweep_folder.h"
#include "app/sweep/sweep_progress.h"
#include "sim/config/parse_cache.h"
#include "sim/error/error.h"
#include "sim/process/interrupt_flag.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

namespace myriad {
namespace {

std::string path_of(const std::string& override_text) { return override_text.substr(0, override_text.find('=')); }

// A level given on the command line that every point replaces would silently do nothing.
void refuse_if_swept(const Sweep& sweep, const std::string& path, const std::string& option) {
    for (const SweepAxis& axis : sweep.axes) {
        for (const AxisValue& value : axis.values) {
            for (const std::string& text : value.overrides) {
                if (path_of(text) == path) {
                    throw UserError(option + " has no effect: axis '" + axis.name + "' of the sweep sets " + path);
                }
            }
        }
    }
}

constexpr const char* kNetworkPath = "fidelity.network";
constexpr const char* kCardPath = "fidelity.card";

Overrides with_levels(Overrides overrides, const SweepOptions& options) {
    if (!options.network.empty()) {
        overrides.push_back(std::string("scenario.") + kNetworkPath + "=" + options.network);
    }
    if (!options.card.empty()) {
        overrides.push_back(std::string("scenario.") + kCardPath + "=" + options.card);
    }
    return overrides;
}

void check_overrides(const Sweep& sweep, const Overrides& overrides, const SweepOptions& options) {
    constexpr std::string_view kPrefix = "scenario.";
    for (const std::string& text : overrides) {
        if (const std::string path = path_of(text); path.starts_with(kPrefix)) {
            refuse_if_swept(sweep, path.substr(kPrefix.size()), "--set " + path);
        }
    }
    if (!options.network.empty()) {
        refuse_if_swept(sweep, kNetworkPath, "--network");
    }
    if (!options.card.empty()) {
        refuse_if_swept(sweep, kCardPath, "--card");
    }
}

void check_one_size(const Scenario& scenario) {
    const auto* collective = std::get_if<CollectiveWorkload>(&scenario.workload);
    if (collective != nullptr && collective->sizes.size() != 1) {
        throw UserError("a point of a sweep is one collective, but the scenario has " +
                        std::to_string(collective->sizes.size()) +
                        " sizes; make workload.collective.sizes an axis instead");
    }
}

// Over a point's own overrides act those of the stage.
EngineScenario load_point(const std::string& name_or_path, const Overrides& overrides, const SweepPoint& point,
                          const SweepStage* stage) {
    Overrides own = point.overrides;
    if (stage != nullptr) {
        own.insert(own.end(), stage->overrides.begin(), stage->overrides.end());
    }
    Loaded<Scenario> loaded = load_sweep_point(name_or_path, overrides, own);
    check_one_size(loaded.value);
    return {std::move(loaded.value), std::move(loaded.document), "scenario"};
}

void take_end(SweepPointResult& result, const EnginePoint& end, const Sweep& sweep, std::size_t stage) {
    result.outcome = end.record.outcome;
    result.reason = end.record.reason;
    result.key = end.record.key;
    result.stage = stage;
    result.reused = end.reused;
    result.prepared = end.prepared;
    result.values = result.ran() ? end.record.values : std::vector<std::optional<double>>{};
    result.algorithms = end.record.algorithms;
    result.scenario_yaml =
        result.ran() && !end.record.scenario_yaml.empty()
            ? named_scenario(end.record.scenario_yaml, sweep.name + "-" + std::to_string(result.point.index))
            : std::string{};
}

EngineOptions engine_options(const Sweep& sweep, const SweepOptions& options) {
    EngineOptions engine;
    engine.name = sweep.name;
    engine.jobs = options.jobs;
    engine.limits = options.limits;
    engine.retries = options.retries.value_or(0);
    engine.kernel_cache = options.kernel_cache;
    engine.keep_scenarios = options.keep_scenarios;
    engine.executor = options.executor;
    engine.slurm = options.slurm;
    return engine;
}

struct OpenStore {
    explicit OpenStore(const std::string& folder) : store(Store::make(folder)), lock(store) {}
    Store store;
    StoreLock lock;
};

// Runs the stages one after the other, each over the points that the one before has left.
void run_stages(SweepOutcome& outcome, const std::string& name_or_path, const Overrides& overrides,
                const SweepOptions& options, OpenStore* place, std::set<std::string>& used) {
    const Sweep& sweep = outcome.sweep;
    std::optional<SweepDatabase> database;
    if (place != nullptr) {
        database.emplace(place->store, sweep, outcome.seed);
    }
    std::vector<std::size_t> points(sweep.points.size());
    std::iota(points.begin(), points.end(), std::size_t{0});
    for (std::size_t stage = 0; stage < std::max<std::size_t>(1, sweep.stages.size()); ++stage) {
        const SweepStage* of = sweep.stages.empty() ? nullptr : &sweep.stages[stage];
        SweepProgress progress(sweep, of, points.size(), options.progress);
        EngineOptions engine = engine_options(sweep, options);
        engine.on_start = [&](std::size_t known) { progress.start(known); };
        engine.slurm.on_state = [&](const std::string& state) { progress.say(state); };
        const auto loader = [&](std::size_t index) {
            return load_point(name_or_path, overrides, sweep.points[index], of);
        };
        const std::vector<EnginePoint> ends =
            Engine(place != nullptr ? &place->store : nullptr, loader, engine).run(points, [&](const EnginePoint& end) {
                progress.add(end);
                if (database) {
                    database->put(end, stage);
                }
            });
        for (const EnginePoint& end : ends) {
            take_end(outcome.points[end.index], end, sweep, stage);
            used.insert(end.record.key);
        }
        outcome.interrupted = InterruptFlag::signal();
        const bool waits = std::any_of(ends.begin(), ends.end(), [](const EnginePoint& e) { return e.prepared; });
        if (outcome.interrupted != 0 || waits) {
            break;
        }
        if (stage + 1 < sweep.stages.size()) {
            points = survivors(sweep, stage, outcome.points);
        }
    }
    if (database) {
        database->finish();
    }
}

}  // namespace

SweepOutcome run_sweep(const std::string& name_or_path, const std::vector<std::string>& overrides,
                       const SweepOptions& given) {
    const Stopwatch running;
    SweepOptions options = given;
    const ParseCache parsed;  // filled below, before the first fork: children need not parse again
    SweepOutcome outcome;
    const Overrides all = with_levels(overrides, options);
    {
        const Loaded<SweepFile> file = load_sweep(name_or_path, all);
        outcome.sweep = file.value.sweep;
        outcome.seed = file.value.base.seed;
        Section root = file.document.root();
        const PointLimits limits = read_limits(root);
        if (given.limits.time <= HostDuration::zero()) {
            options.limits.time = limits.time;
        }
        if (given.limits.memory <= Bytes{}) {
            options.limits.memory = limits.memory;
        }
        outcome.effective_yaml = file.document.effective_yaml();
    }
    check_overrides(outcome.sweep, overrides, options);
    for (const SweepPoint& point : outcome.sweep.points) {
        outcome.points.push_back({.point = point});
    }
    std::unique_ptr<OpenStore> place;
    if (!options.folder.empty()) {
        check_sweep_folder(options.folder);
        place = std::make_unique<OpenStore>(options.folder);
    }
    std::set<std::string> used;
    run_stages(outcome, name_or_path, all, options, place.get(), used);
    if (place) {
        // An interrupted sweep does not know yet what it will use.
        const bool prunes = options.prune && outcome.interrupted == 0;
        const std::size_t unused = prunes ? place->store.prune(used) : 0;
        outcome.unused_records = prunes ? unused : place->store.unused(used);
    }
    outcome.elapsed = running.elapsed();
    return outcome;
}

}  // namespace myriad
