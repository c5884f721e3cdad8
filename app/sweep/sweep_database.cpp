// A transaction costs far more than a row, so rows wait for each other, but not so long that somebody who looks at a
// running sweep sees an old state.

#include "app/sweep/sweep_database.h"

#include "app/store/model_version.h"

#include <utility>

namespace myriad {
namespace {

std::vector<DatabaseAxis> axes_of(const Sweep& sweep) {
    std::vector<DatabaseAxis> axes;
    for (const SweepAxis& axis : sweep.axes) {
        DatabaseAxis made{.name = axis.name,
                          .role = axis.role == AxisRole::design ? "design"
                                  : axis.role == AxisRole::load ? "load"
                                                                : "tuning",
                          .values = {}};
        for (const AxisValue& value : axis.values) {
            std::string overrides;
            for (const std::string& text : value.overrides) {
                overrides += (overrides.empty() ? "" : "\n") + text;
            }
            made.values.push_back({value.label, value.number, std::move(overrides)});
        }
        axes.push_back(std::move(made));
    }
    return axes;
}

std::vector<std::string> labels_of(const Sweep& sweep, const SweepPoint& point) {
    std::vector<std::string> labels;
    for (std::size_t a = 0; a < sweep.axes.size(); ++a) {
        labels.push_back(sweep.axes[a].values[point.choice[a]].label);
    }
    return labels;
}

// Names of the stages of halving, a line each.
std::string stages_of(const Sweep& sweep) {
    std::string names;
    for (const SweepStage& stage : sweep.stages) {
        names += stage.name + "\n";
    }
    return names;
}

}  // namespace

std::filesystem::path database_path(const Store& store) { return store.root() / "sweep.sqlite"; }

DatabasePoint database_point(const EnginePoint& end, std::vector<std::string> labels, std::size_t stage) {
    const bool ran = end.record.outcome == ChildOutcome::succeeded;
    return {.index = end.index,
            .labels = std::move(labels),
            .key = end.record.key,
            .status = ran ? "ok" : std::string(name_of(end.record.outcome)),
            .reason = end.record.reason,
            .algorithms = end.record.algorithms,
            .stage = stage,
            .attempts = end.attempts,
            .reused = end.reused,
            .host_s = seconds(end.record.elapsed),
            .host_cpu_s = seconds(end.record.cpu),
            .peak_memory_B = static_cast<double>(end.record.peak_memory.count()),
            .values = ran ? end.record.values : std::vector<std::optional<double>>{}};
}

SweepDatabase::SweepDatabase(const Store& store, const Sweep& sweep, std::uint64_t seed)
    : sweep_(sweep), axes_(axes_of(sweep)), database_(open_database(database_path(store))) {
    database_.begin({{"schema", "myriad-sweep-store/1"},
                     {"kind", "sweep"},
                     {"name", sweep.name},
                     {"title", sweep.title},
                     {"model", std::string(model_version())},
                     {"seed", std::to_string(seed)},
                     {"stages", stages_of(sweep)}},
                    axes_);
    for (const SweepPoint& point : sweep.points) {
        DatabasePoint row;
        row.index = point.index;
        row.labels = labels_of(sweep, point);
        row.status = "pending";
        waiting_.push_back(std::move(row));
    }
    flush();
}

void SweepDatabase::put(const EnginePoint& end, std::size_t stage) {
    constexpr std::size_t kRows = 500;
    waiting_.push_back(database_point(end, {}, stage));  // its labels are there
    if (waiting_.size() >= kRows || host_now() - flushed_ > std::chrono::seconds{1}) {
        flush();
    }
}

void SweepDatabase::flush() {
    database_.put(waiting_);
    waiting_.clear();
    flushed_ = host_now();
}

void SweepDatabase::finish() {
    flush();
    database_.finish(axes_);
}

}  // namespace myriad
