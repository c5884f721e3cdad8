// A sweep is a loop over points, each in a child of its own, because SystemC elaborates once a process and because a
// point that crashes must not take the others with it. Forking costs about a millisecond; reading the scenario costs
// more (docs/sweeps.md has figures), so points are not batched even where no module is built.
//
// What a child returns is text: a line for each metric, then the scenario. Numbers are written so that they read back
// to the same double, and results are put in order of points, so neither -j nor the order of endings can be seen.

#include "app/sweep/sweep_run.h"

#include "app/config_files/load.h"
#include "app/run/run.h"
#include "app/scenario/metric.h"
#include "app/sweep/measure.h"
#include "sim/error/error.h"
#include "sim/progress/progress_line.h"

#include <algorithm>
#include <optional>
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

// The child's side.
std::string run_point(const std::string& name_or_path, const std::string& sweep_name, const Overrides& overrides,
                      const SweepPoint& point, const SweepOptions& options) {
    Overrides own = point.overrides;
    own.push_back("name=" + sweep_name + "-" + std::to_string(point.index));  // of a result if it is run again
    const Loaded<Scenario> loaded = load_sweep_point(name_or_path, overrides, own);
    check_one_size(loaded.value);
    const RunOutcome outcome = run_scenario(
        loaded.value, RunOptions{.progress = false, .kernel_cache = options.kernel_cache, .explain = false});
    return encode(measure(outcome.report)) + (options.keep_scenarios ? point_scenario_yaml(loaded) : std::string{});
}

// The last line that a child printed: where an aborted check says what is wrong.
std::string last_line(std::string text) {
    text.erase(text.find_last_not_of(" \n\r\t") + 1);
    const std::size_t line_break = text.rfind('\n');
    return line_break == std::string::npos ? text : text.substr(line_break + 1);
}

SweepPointResult result_of(SweepPoint point, ChildResult child) {
    SweepPointResult result;
    result.point = std::move(point);
    result.outcome = child.outcome;
    if (!child.succeeded()) {
        result.reason = std::move(child.reason);
        const bool thrown = child.outcome == ChildOutcome::user_error || child.outcome == ChildOutcome::law_error ||
                            child.outcome == ChildOutcome::exception;
        if (const std::string said = thrown ? std::string{} : last_line(child.output); !said.empty()) {
            result.reason += ": " + said;
        }
        return result;
    }
    Measured measured = decode(child.payload, result.scenario_yaml);
    result.values = std::move(measured.values);
    result.algorithms = std::move(measured.algorithms);
    return result;
}

}  // namespace

SweepOutcome run_sweep(const std::string& name_or_path, const std::vector<std::string>& overrides,
                       const SweepOptions& options) {
    const Stopwatch running;
    SweepOutcome outcome;
    const Overrides all = with_levels(overrides, options);
    {
        const Loaded<SweepFile> file = load_sweep(name_or_path, all);
        outcome.sweep = file.value.sweep;
        outcome.seed = file.value.base.seed;
        outcome.effective_yaml = file.document.effective_yaml();
    }
    const Sweep& sweep = outcome.sweep;
    check_overrides(sweep, overrides, options);

    std::size_t failed = 0;
    ChildOptions children{.parallel_max = options.jobs, .timeout = {}, .on_done = {}};
    std::optional<ProgressLine> line;
    if (options.progress) {
        line.emplace(sweep.name, static_cast<std::int64_t>(sweep.points.size()));
        children.on_done = [&](const ChildResult& child, std::size_t done) {
            failed += child.succeeded() ? 0U : 1U;
            line->update(static_cast<std::int64_t>(done), failed == 0 ? "" : std::to_string(failed) + " failed");
        };
    }
    std::vector<ChildResult> results = run_children(
        sweep.points.size(),
        [&](std::size_t index) { return run_point(name_or_path, sweep.name, all, sweep.points[index], options); },
        children);
    outcome.points.reserve(results.size());
    for (std::size_t i = 0; i < results.size(); ++i) {
        outcome.points.push_back(result_of(sweep.points[i], std::move(results[i])));
    }
    outcome.elapsed = running.elapsed();
    return outcome;
}

}  // namespace myriad
