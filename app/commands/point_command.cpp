// `myriad point`: a task of somebody's array job. It reads no configuration and no variable of the environment: the plan
// in the store holds every scenario whole.

#include "app/commands/commands.h"
#include "app/config_files/load.h"
#include "app/store/database.h"
#include "app/store/plan.h"
#include "app/sweep/point_run.h"
#include "app/sweep/sweep_database.h"
#include "sim/error/error.h"
#include "sim/process/children.h"
#include "sim/units/quantity_text.h"

#include <ostream>
#include <set>

namespace myriad {
namespace {

std::size_t index_of(const std::string& text) {
    const Parsed<std::int64_t> number = parse_integer(text);
    if (!number || number.value < 0) {
        throw UserError("INDEX: expected the number of a point, from 0, found '" + text + "'");
    }
    return static_cast<std::size_t>(number.value);
}

void print_scenario(const Store& store, std::size_t index, std::ostream& out) {
    if (!std::filesystem::exists(database_path(store))) {
        throw UserError("'" + store.root().string() + "' has no sweep.sqlite; 'myriad sweep' makes it again");
    }
    Database database(database_path(store));
    const std::optional<Database::Known> known = database.point(index);
    if (!known) {
        throw UserError("there is no point " + std::to_string(index));
    }
    const std::string name = database.meta("name") + "-" + std::to_string(index);
    if (const std::optional<PointRecord> record = known->key.empty() ? std::nullopt : store.find(known->key)) {
        out << named_scenario(record->scenario_yaml, name);
        return;
    }
    if (std::filesystem::exists(store.root() / "plans" / "current")) {
        for (const PlanPoint& point : read_plan(store).points) {
            if (point.index == index && !point.key.empty()) {
                out << named_scenario(point.scenario_yaml, name);
                return;
            }
        }
    }
    throw UserError("point " + std::to_string(index) + " has no result, and so no scenario is kept: " +
                    (known->reason.empty() ? "it has not run yet" : known->reason));
}

// Points of the task that have no end yet, each system once.
std::vector<PlanPoint> open_points(const Store& store, const Plan& plan, std::size_t first, std::size_t last) {
    std::vector<PlanPoint> open;
    std::set<std::string> keys;
    for (const PlanPoint& point : plan.points) {
        const bool mine = point.index >= first && point.index <= last && !point.key.empty();
        if (mine && !store.has(point.key) && keys.insert(point.key).second) {
            open.push_back(point);
        }
    }
    return open;
}

std::string run_planned(const Store& store, const Plan& plan, const PlanPoint& point) {
    const Loaded<Scenario> loaded = load_scenario_text(
        named_scenario(point.scenario_yaml, plan.name + "-" + std::to_string(point.index)), "point.yaml");
    MYRIAD_CHECK(key_of(identity_of(point.scenario_yaml)) == point.key,
                 "a plan gives point " + std::to_string(point.index) + " another key");
    const PointRecord record = run_point(loaded.value, point.key, [&] { return point.scenario_yaml; },
                                         {.store = &store, .kernel_cache = plan.kernel_cache});
    return std::string(name_of(record.outcome));
}

}  // namespace

int point_command(const PointArguments& arguments, std::ostream& out) {
    const Store store = Store::open(arguments.store);
    const std::size_t index = index_of(arguments.index);
    if (arguments.scenario) {
        print_scenario(store, index, out);
        return 0;
    }
    const Plan plan = read_plan(store, arguments.plan);
    const std::size_t chunk = arguments.chunk > 0 ? static_cast<std::size_t>(arguments.chunk) : 1;
    const std::size_t first = index * chunk;
    const std::size_t points = plan.points.empty() ? 0 : plan.points.back().index + 1;
    if (first >= points) {
        throw UserError("INDEX: the last point is " + std::to_string(points - 1) + ", found " + arguments.index +
                        (arguments.chunk > 0 ? " in chunks of " + std::to_string(chunk) : ""));
    }
    const std::vector<PlanPoint> open = open_points(store, plan, first, first + chunk - 1);
    bool spoilt = false;
    const auto on_done = [&](const ChildResult& child, std::size_t) {
        const PlanPoint& point = open[child.job];
        out << "point " << point.index << ": "
            << (child.succeeded() ? child.payload : std::string(name_of(child.outcome)))
            << std::endl;  // NOLINT(performance-avoid-endl): a task may be killed at any moment
        if (!child.succeeded() && child.outcome != ChildOutcome::cancelled) {
            spoilt = true;
            PointRecord failure;
            failure.key = point.key;
            failure.outcome = child.outcome;
            failure.reason = child.reason;
            store.save_failure(failure);
        }
    };
    static_cast<void>(run_children(open.size(), [&](std::size_t i) { return run_planned(store, plan, open[i]); },
                                   {.parallel_max = arguments.jobs,
                                    .timeout = plan.limits.time,
                                    .memory_max = plan.limits.memory,
                                    .on_done = on_done}));
    if (open.empty()) {
        out << "nothing to do: every point of this task has its end\n";
    }
    return spoilt ? 1 : 0;
}

}  // namespace myriad
