// A table allows some values of every axis: all of them, or those that `where` means. Its sub-tables are the
// combinations of the axes that are neither rows nor columns nor reduced by `best_of`.

#include "app/sweep/pivot.h"

#include "app/scenario/metric.h"
#include "sim/error/error.h"

#include <algorithm>
#include <numeric>

namespace myriad {
namespace {

std::size_t axis_called(const Sweep& sweep, const std::string& name) {
    const auto at =
        std::find_if(sweep.axes.begin(), sweep.axes.end(), [&](const SweepAxis& axis) { return axis.name == name; });
    MYRIAD_CHECK(at != sweep.axes.end(), "no axis is called " + name);
    return static_cast<std::size_t>(at - sweep.axes.begin());
}

std::vector<std::size_t> allowed_values(const SweepAxis& axis, const SweepTable& table) {
    std::vector<std::size_t> allowed(axis.values.size());
    std::iota(allowed.begin(), allowed.end(), std::size_t{0});
    for (const auto& [name, label] : table.where) {
        if (name == axis.name) {
            std::erase_if(allowed,
                          [&, &wanted = label](std::size_t v) { return !means_label(wanted, axis.values[v].label); });
        }
    }
    return allowed;
}

std::vector<std::string> labels(const SweepAxis& axis, const std::vector<std::size_t>& values) {
    std::vector<std::string> texts;
    texts.reserve(values.size());
    for (const std::size_t v : values) {
        texts.push_back(axis.values[v].label);
    }
    return texts;
}

}  // namespace

PointIndex::PointIndex(const Sweep& sweep) {
    for (const SweepPoint& point : sweep.points) {
        index_.emplace(point.choice, point.index);
    }
}

std::optional<std::size_t> PointIndex::find(const std::vector<std::size_t>& choice) const {
    const auto at = index_.find(choice);
    return at == index_.end() ? std::nullopt : std::optional(at->second);
}

namespace {

// Labels of the axes that a cell does not stand for: the n-th combination of all of them, the last axis fastest.
class Combinations {
public:
    Combinations(const std::vector<std::vector<std::size_t>>& allowed, std::vector<std::size_t> axes)
        : allowed_(allowed), axes_(std::move(axes)) {}

    [[nodiscard]] std::size_t count() const {
        std::size_t count = 1;
        for (const std::size_t axis : axes_) {
            count *= allowed_[axis].size();
        }
        return count;
    }
    void put(std::size_t n, std::vector<std::size_t>& choice) const {
        for (std::size_t i = axes_.size(); i-- > 0;) {
            const std::vector<std::size_t>& of = allowed_[axes_[i]];
            choice[axes_[i]] = of[n % of.size()];
            n /= of.size();
        }
    }

private:
    const std::vector<std::vector<std::size_t>>& allowed_;
    std::vector<std::size_t> axes_;
};

}  // namespace

std::vector<SubTable> sub_tables(const Sweep& sweep, const SweepTable& table, const CellPoint& cell) {
    const std::size_t rows = axis_called(sweep, table.rows);
    const std::size_t columns = axis_called(sweep, table.columns);
    std::vector<std::vector<std::size_t>> allowed;
    std::vector<std::size_t> fixed;
    std::vector<std::size_t> reduced;
    for (std::size_t a = 0; a < sweep.axes.size(); ++a) {
        allowed.push_back(allowed_values(sweep.axes[a], table));
        const bool is_reduced =
            std::find(table.best_of.begin(), table.best_of.end(), sweep.axes[a].name) != table.best_of.end();
        if (a != rows && a != columns) {
            (is_reduced ? reduced : fixed).push_back(a);
        }
    }
    const PointIndex index(sweep);
    const Combinations of_table(allowed, fixed);
    const Combinations of_cell(allowed, reduced);
    std::vector<std::size_t> choice(sweep.axes.size());
    const auto point = [&] {
        std::vector<std::size_t> candidates;
        for (std::size_t n = 0; n < of_cell.count(); ++n) {
            of_cell.put(n, choice);
            if (const std::optional<std::size_t> found = index.find(choice)) {
                candidates.push_back(*found);
            }
        }
        return cell(candidates);
    };
    std::vector<SubTable> all;
    for (std::size_t n = 0; n < of_table.count(); ++n) {
        SubTable sub;
        of_table.put(n, choice);
        for (const std::size_t a : fixed) {
            if (allowed[a].size() > 1) {
                sub.fixed.emplace_back(sweep.axes[a].name, sweep.axes[a].values[choice[a]].label);
            }
        }
        sub.row_labels = labels(sweep.axes[rows], allowed[rows]);
        sub.column_labels = labels(sweep.axes[columns], allowed[columns]);
        for (const std::size_t row : allowed[rows]) {
            choice[rows] = row;
            std::vector<std::optional<std::size_t>>& line = sub.points.emplace_back();
            for (const std::size_t column : allowed[columns]) {
                choice[columns] = column;
                line.push_back(point());
            }
        }
        all.push_back(std::move(sub));
    }
    return all;
}

std::optional<std::size_t> best_point(const SweepOutcome& outcome, std::size_t metric,
                                      const std::vector<std::size_t>& points) {
    const bool lower = all_metrics()[metric].better == MetricBetter::lower;
    const auto value = [&](std::size_t point) {
        return outcome.points[point].ran() ? outcome.points[point].values[metric] : std::nullopt;
    };
    std::optional<std::size_t> best;
    for (const std::size_t point : points) {
        const std::optional<double> mine = value(point);
        const std::optional<double> other = best ? value(*best) : std::nullopt;
        const bool is_first = !best || (!other && outcome.points[point].ran() && !outcome.points[*best].ran());
        if (is_first || (mine && (!other || (lower ? *mine < *other : *mine > *other)))) {
            best = point;
        }
    }
    return best;
}

std::vector<SubTable> sub_tables(const SweepOutcome& outcome, const SweepTable& table) {
    const std::optional<std::size_t> metric = find_metric(table.best_by);
    MYRIAD_CHECK(table.best_of.empty() || metric, "no metric is called " + table.best_by);
    return sub_tables(outcome.sweep, table, [&](const std::vector<std::size_t>& candidates) {
        return metric               ? best_point(outcome, *metric, candidates)
               : candidates.empty() ? std::nullopt
                                    : std::optional(candidates.front());
    });
}

}  // namespace myriad
