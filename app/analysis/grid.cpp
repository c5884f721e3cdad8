// Designs and loads are the two halves of a choice. Both are kept sorted by their choices, so that the order in which
// points are listed shows in no result.

#include "app/analysis/grid.h"

#include "sim/error/error.h"

#include <algorithm>
#include <numeric>

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
        const AxisRole role = sweep.axes[a].role;
        (role == AxisRole::load ? load_axes_ : role == AxisRole::tuning ? tuning_axes_ : design_axes_).push_back(a);
        (role == AxisRole::design ? not_load_axes_ : not_design_axes_).push_back(a);
        if (role == AxisRole::tuning) {
            not_load_axes_.push_back(a);
        }
    }
    std::map<Choice, std::size_t> loads;
    for (const SweepPointResult& point : outcome.points) {
        loads.emplace(masked(point.point.choice, not_load_axes_), 0);
        design_of_.emplace(masked(point.point.choice, not_design_axes_), 0);
    }
    for (auto& [choice, index] : loads) {
        index = load_names_.size();
        load_names_.push_back(names_on(sweep, choice, load_axes_));
        load_labels_.push_back(load_axes_.size() == 1
                                   ? sweep.axes[load_axes_.front()].values[choice[load_axes_.front()]].label
                                   : load_names_.back());
    }
    for (auto& [choice, index] : design_of_) {
        index = designs_.size();
        designs_.push_back({choice, names_on(sweep, choice, design_axes_), {}});
        designs_.back().points.resize(load_names_.size());
    }
    load_of_.resize(outcome.points.size());
    design_index_.resize(outcome.points.size());
    for (std::size_t p = 0; p < outcome.points.size(); ++p) {
        const Choice& choice = outcome.points[p].point.choice;
        load_of_[p] = loads.at(masked(choice, not_load_axes_));
        design_index_[p] = design_of_.at(masked(choice, not_design_axes_));
        std::optional<std::size_t>& slot = designs_[design_index_[p]].points[load_of_[p]];
        slot = slot.value_or(p);
    }
    if (!tuning_axes_.empty()) {
        tune();
    }
}

// Results that keep the constraints come before others, any result before none, a later stage before an earlier one.
void Grid::tune() {
    const std::vector<std::vector<std::size_t>> metrics = metrics_of_loads(*this, judgement_of(outcome_.sweep));
    const auto class_of = [&](std::size_t point, std::optional<double> value) {
        if (!outcome_.points[point].ran()) {
            return 4;
        }
        if (!in_last_stage(point)) {
            return 3;
        }
        return !value ? 2 : keeps_constraints(point) ? 0 : 1;
    };
    for (std::size_t p = 0; p < outcome_.points.size(); ++p) {
        const std::size_t load = load_of_[p];
        std::size_t& chosen = *designs_[design_index_[p]].points[load];
        if (chosen == p) {
            continue;
        }
        const auto value_at = [&](std::size_t point) {
            return metrics[load].empty() ? std::nullopt : value(point, metrics[load].front());
        };
        const std::optional<double> mine = value_at(p);
        const std::optional<double> other = value_at(chosen);
        const int class_mine = class_of(p, mine);
        const int class_other = class_of(chosen, other);
        const MetricBetter better = mine ? all_metrics()[metrics[load].front()].better : MetricBetter::neither;
        // Between equals the order of the grid decides, whatever that of the points is.
        const bool wins = mine != other && mine && other
                              ? is_better(better, *mine, *other)
                              : outcome_.points[p].point.choice < outcome_.points[chosen].point.choice;
        if (class_mine < class_other || (class_mine == class_other && wins)) {
            chosen = p;
        }
    }
}

bool Grid::is_tuned(std::size_t point) const {
    return tuning_axes_.empty() || designs_[design_index_[point]].points[load_of_[point]] == point;
}

bool Grid::keeps_constraints(std::size_t point) const {
    const std::vector<SweepConstraint>& constraints = outcome_.sweep.constraints;
    return std::all_of(constraints.begin(), constraints.end(), [&](const SweepConstraint& constraint) {
        const std::optional<double> of = value(point, metric_called(constraint.metric));
        return !of || !((constraint.least && *of < *constraint.least) || (constraint.most && *of > *constraint.most));
    });
}

std::optional<std::size_t> Grid::find_design(Choice choice) const {
    const auto at = design_of_.find(masked(choice, not_design_axes_));
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
    std::vector<std::size_t> points(outcome_.points.size());
    std::iota(points.begin(), points.end(), std::size_t{0});
    return lines_of({axis}, points);
}

std::vector<PointLine> Grid::tuned_lines(std::size_t axis) const {
    std::vector<std::size_t> hidden = tuning_axes_;
    hidden.insert(hidden.begin(), axis);
    std::vector<std::size_t> points;
    for (std::size_t p = 0; p < outcome_.points.size(); ++p) {
        if (is_tuned(p)) {
            points.push_back(p);
        }
    }
    return lines_of(hidden, points);
}

// Points that differ on hidden axes alone, ordered along the first of these.
std::vector<PointLine> Grid::lines_of(const std::vector<std::size_t>& hidden,
                                      const std::vector<std::size_t>& points) const {
    const std::size_t axis = hidden.front();
    std::vector<std::pair<Choice, std::size_t>> order;
    order.reserve(points.size());
    for (const std::size_t p : points) {
        order.emplace_back(masked(outcome_.points[p].point.choice, hidden), p);
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
        if (a != without && outcome_.sweep.axes[a].role != AxisRole::tuning) {
            axes.push_back(a);
        }
    }
    return names_on(outcome_.sweep, outcome_.points[point].point.choice, axes);
}

std::string Grid::design_labels(std::size_t point, std::size_t without) const {
    std::vector<std::size_t> axes = design_axes_;
    std::erase(axes, without);
    return names_on(outcome_.sweep, outcome_.points[point].point.choice, axes);
}

std::string Grid::tuning(std::size_t point) const {
    return names_on(outcome_.sweep, outcome_.points[point].point.choice, tuning_axes_);
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

bool is_quantity(const AxisValue& value) {
    return value.number && !value.label.empty() && value.label.front() >= '0' && value.label.front() <= '9';
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
