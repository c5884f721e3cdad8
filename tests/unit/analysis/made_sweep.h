#pragma once
// Sweeps without runs: axes, and a function that says what every point of the grid has given.

#include "app/analysis/analysis.h"
#include "app/scenario/metric.h"
#include "app/sweep/outcome.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace myriad::test {

using MadeValues = std::vector<std::pair<std::string, double>>;  // by name of the metric
using Choice = std::vector<std::size_t>;

inline SweepAxis axis(const std::string& name, const std::vector<std::string>& labels,
                      AxisRole role = AxisRole::design) {
    SweepAxis made{.name = name, .values = {}, .role = role};
    for (const std::string& label : labels) {
        made.values.push_back({.label = label, .overrides = {}, .number = {}});
    }
    return made;
}

inline SweepAxis number_axis(const std::string& name, const std::vector<double>& numbers) {
    SweepAxis made{.name = name};
    for (const double number : numbers) {
        const std::string text = std::to_string(static_cast<long>(number));
        made.values.push_back({.label = text, .overrides = {}, .number = number});
    }
    return made;
}

inline void set_values(SweepPointResult& point, const MadeValues& values) {
    point.outcome = values.empty() ? ChildOutcome::user_error : ChildOutcome::succeeded;
    point.reason = values.empty() ? "does not fit" : "";
    point.values.assign(values.empty() ? 0 : all_metrics().size(), std::nullopt);
    for (const auto& [name, value] : values) {
        point.values[find_metric(name).value()] = value;
    }
}

// No values: the point failed.
inline SweepOutcome made_sweep(std::vector<SweepAxis> axes, const std::vector<std::string>& objectives,
                               const std::function<MadeValues(const Choice&)>& values) {
    SweepOutcome outcome;
    outcome.sweep.axes = std::move(axes);
    outcome.sweep.points = grid_points(outcome.sweep.axes);
    for (const std::string& metric : objectives) {
        outcome.sweep.objectives.push_back({metric});
        outcome.sweep.columns.push_back(metric);
    }
    for (const SweepPoint& point : outcome.sweep.points) {
        outcome.points.emplace_back();
        outcome.points.back().point = point;
        set_values(outcome.points.back(), values(point.choice));
    }
    return outcome;
}

inline bool has_text(const std::vector<std::string>& texts, const std::string& wanted) {
    for (const std::string& text : texts) {
        if (text.find(wanted) != std::string::npos) {
            return true;
        }
    }
    return false;
}

}  // namespace myriad::test
