// Designs and loads are the two halves of a choice. Both are kept sorted by their choices, so that the order in which
// points are listed shows in no result.

#include "app/analysis/grid.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {
namespace {

using Choice = std::vector<std::size_t>;

Choice masked(const Choice& choice, const std::vector<std::size_t>& hidden) {
    Choice part = choice;
    for (const std::size_t axis : hidden) {
        part[axis] = 0;
    }
    return part;
}

std::string names_on(const Sweep& sweep, const Choice& choice, const std::vector<std::size_t>& axes) {
    std::string text;
    for (const std::size_t axis : axes) {
        text += (text.empty() ? "" : ", ") + sweep.axes[axis].name + " " + sweep.axes[axis].values[choice[axis]].label;
    }
    return text;
}

std::size_t metric_called(const std::string& name) {
    const auto index = find_metric(name);
    MYRIAD_CHECK(index.has_value(), "no metric is called " + name);
    return *index;
}

}  // namespace

Grid::Grid(const SweepOutcome& outcome) : outcome_(outcome) {
    const Sweep& sweep = outcome.sweep;
    for (std::size_t a = 0; a < sweep.axes.size(); ++a) {
        (sweep.axes[a].role == AxisRole::load ? load_axes_ : design_axes_).push_back(a);
    }
    std::map<Choice, std::size_t> loads;
    for (const SweepPointResult& point : outcome.points) {
        loads.emplace(masked(point.point.choice, design_axes_), 0);
        design_of_.emplace(masked(point.point.choice, load_axes_), 0);
    }
    for (auto& [choice, index] : loads) {
        index = load_names_.size();
        load_names_.push_back(names_on(sweep, choice, load_axes_));
    }
    for (auto& [choice, index] : design_of_) {
        index = designs_.size();
        designs_.push_back({choice, names_on(sweep, choice, design_axes_), {}});
        designs_.back().points.resize(load_names_.size());
    }
    load_of_.resize(outcome.points.size());
    for (std::size_t p = 0; p < outcome.points.size(); ++p) {
        const Choice& choice = outcome.points[p].point.choice;
        load_of_[p] = loads.at(masked(choice, design_axes_));
        std::optional<std::size_t>& slot = designs_[design_of_.at(masked(choice, load_axes_))].points[load_of_[p]];
        slot = slot.value_or(p);
    }
}

std::optional<std::size_t> Grid::find_design(Choice choice) const {
    const auto at = design_of_.find(masked(choice, load_axes_));
    return at == design_of_.end() ? std::nullopt : std::optional(at->second);
}

bool Grid::in_last_stage(std::size_t point) const {
    return outcome_.sweep.stages.empty() || outcome_.points[point].stage + 1 >= outcome_.sweep.stages.size();
}

std::optional<double> Grid::value(std::size_t point, std::size_t metric) const {
    const SweepPointResult& result = outcome_.points[point];
    return result.ran() && in_last_stage(point) ? result.values[metric] : std::nullopt;
}

std::vector<PointLine> Grid::lines(std::size_t axis) const {
    std::vector<std::pair<Choice, std::size_t>> order;
    order.reserve(outcome_.points.size());
    for (std::size_t p = 0; p < outcome_.points.size(); ++p) {
        order.emplace_back(masked(outcome_.points[p].point.choice, {axis}), p);
    }
    std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
        if (a.first != b.first) {
            return a.first < b.first;
        }
        const std::size_t of_a = outcome_.points[a.second].point.choice[axis];
        const std::size_t of_b = outcome_.points[b.second].point.choice[axis];
        return of_a != of_b ? of_a < of_b : a.second < b.second;
    });
    std::vector<PointLine> lines;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i == 0 || order[i].first != order[i - 1].first) {
            lines.emplace_back();
        }
        lines.back().push_back(order[i].second);
    }
    return lines;
}

std::string Grid::labels(std::size_t point, std::optional<std::size_t> without) const {
    std::vector<std::size_t> axes;
    for (std::size_t a = 0; a < outcome_.sweep.axes.size(); ++a) {
        if (a != without) {
            axes.push_back(a);
        }
    }
    return names_on(outcome_.sweep, outcome_.points[point].point.choice, axes);
}

Judgement judgement_of(const Sweep& sweep) {
    Judgement judgement;
    std::vector<std::string> names;
    for (const SweepObjective& objective : sweep.objectives) {
        names.push_back(objective.metric);
    }
    judgement.stated = !names.empty();
    if (!judgement.stated) {
        // What the user looks at first.
        for (const SweepTable& table : sweep.tables) {
            names.push_back(table.value);
        }
        names.insert(names.end(), sweep.columns.begin(), sweep.columns.end());
    }
    for (const std::string& name : names) {
        const std::size_t metric = metric_called(name);
        const MetricKind kind = all_metrics()[metric].kind;
        if (!judgement.stated && (kind == MetricKind::power || kind == MetricKind::rent)) {
            continue;  // a price alone is no aim
        }
        if (all_metrics()[metric].better != MetricBetter::neither &&
            std::find(judgement.metrics.begin(), judgement.metrics.end(), metric) == judgement.metrics.end()) {
            judgement.metrics.push_back(metric);
        }
    }
    return judgement;
}

std::vector<std::vector<std::size_t>> metrics_of_loads(const Grid& grid, const Judgement& judgement) {
    std::vector<std::vector<bool>> has(grid.loads(), std::vector<bool>(judgement.metrics.size()));
    for (std::size_t p = 0; p < grid.outcome().points.size(); ++p) {
        for (std::size_t m = 0; m < judgement.metrics.size(); ++m) {
            if (grid.value(p, judgement.metrics[m])) {
                has[grid.load_of(p)][m] = true;
            }
        }
    }
    std::vector<std::vector<std::size_t>> metrics(grid.loads());
    for (std::size_t load = 0; load < grid.loads(); ++load) {
        for (std::size_t m = 0; m < judgement.metrics.size(); ++m) {
            if (has[load][m]) {
                metrics[load].push_back(judgement.metrics[m]);
            }
        }
    }
    return metrics;
}

std::optional<double> gain_of(MetricBetter better, double value, double reference) {
    if (value == reference) {
        return 1.0;
    }
    if (value <= 0.0 || reference <= 0.0) {
        return std::nullopt;
    }
    return better == MetricBetter::lower ? reference / value : value / reference;
}

bool is_better(MetricBetter better, double a, double b) {
    return better == MetricBetter::lower ? a < b : better == MetricBetter::higher && a > b;
}

}  // namespace myriad
