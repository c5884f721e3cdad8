// The printed answer of a sweep: pivots with the best cell marked, the best points of all, why points failed, and axes
// that changed nothing. Nothing of the host is in it.

#include "app/result/aligned_table.h"
#include "app/scenario/metric.h"
#include "app/sweep/metric_text.h"
#include "app/sweep/pivot.h"
#include "app/sweep/sweep_run.h"
#include "sim/error/error.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

namespace myriad {
namespace {

constexpr std::size_t kBest = 5;         // points in the ranked list
constexpr std::size_t kListed = 40;      // points listed where the sweep has no tables
constexpr std::size_t kReasonsMax = 20;  // distinct reasons of failures
constexpr std::size_t kWidth = 110;

std::size_t metric_called(const std::string& name) {
    const auto index = find_metric(name);
    MYRIAD_CHECK(index.has_value(), "no metric is called " + name);
    return *index;
}

std::string first_line(const std::string& text) {
    const std::size_t end = text.find('\n');
    return end == std::string::npos ? text : text.substr(0, end) + " (and more)";
}

// Numbers for the distinct reasons of failures, in the order of points.
class Failures {
public:
    explicit Failures(const SweepOutcome& outcome) : total_(outcome.points.size()), failed_(outcome.failures()) {
        for (const SweepPointResult& point : outcome.points) {
            if (point.ran()) {
                continue;
            }
            const std::string reason = first_line(point.reason);
            const auto [at, is_new] = number_.emplace(reason, reasons_.size());
            if (is_new) {
                reasons_.push_back({reason, 0, point.point.index});
            }
            ++reasons_[at->second].points;
        }
    }
    [[nodiscard]] std::string mark(const SweepPointResult& point) const {
        return "[" + std::to_string(number_.at(first_line(point.reason)) + 1) + "]";
    }
    [[nodiscard]] std::string text() const {
        if (failed_ == 0) {
            return {};
        }
        std::string out = fmt::format("\nFailed: {} of {} points\n", failed_, total_);
        for (std::size_t i = 0; i < std::min(reasons_.size(), kReasonsMax); ++i) {
            const Reason& reason = reasons_[i];
            const std::string who = reason.points == 1 ? fmt::format("point {}", reason.first)
                                                       : fmt::format("{} points from {}", reason.points, reason.first);
            out += paragraph(fmt::format("  [{}] ", i + 1), who + ": " + reason.text, 6, kWidth);
        }
        if (reasons_.size() > kReasonsMax) {
            out += fmt::format("  ... and {} other reasons, see sweep.csv\n", reasons_.size() - kReasonsMax);
        }
        return out;
    }

private:
    struct Reason {
        std::string text;
        std::size_t points = 0;
        std::size_t first = 0;
    };
    std::size_t total_;
    std::size_t failed_;
    std::map<std::string, std::size_t> number_;
    std::vector<Reason> reasons_;
};

bool is_better(MetricBetter better, double a, double b) {
    return better == MetricBetter::lower ? a < b : better == MetricBetter::higher && a > b;
}

std::vector<double> values_of(const SweepOutcome& outcome, std::size_t metric) {
    std::vector<double> values;
    for (const SweepPointResult& point : outcome.points) {
        if (point.ran() && point.values[metric]) {
            values.push_back(*point.values[metric]);
        }
    }
    return values;
}

std::optional<double> best_of(const SweepOutcome& outcome, const SubTable& sub, std::size_t metric) {
    const MetricBetter better = all_metrics()[metric].better;
    std::optional<double> best;
    for (const std::vector<std::optional<std::size_t>>& line : sub.points) {
        for (const std::optional<std::size_t> index : line) {
            if (!index) {
                continue;
            }
            const SweepPointResult& point = outcome.points[*index];
            const std::optional<double> value = point.ran() ? point.values[metric] : std::nullopt;
            if (value && better != MetricBetter::neither && (!best || is_better(better, *value, *best))) {
                best = value;
            }
        }
    }
    return best;
}

std::string sub_table_text(const SweepOutcome& outcome, const SweepTable& table, const SubTable& sub,
                           const MetricScale& scale, const Failures& failures) {
    const std::size_t metric = metric_called(table.value);
    const std::optional<double> best = best_of(outcome, sub, metric);
    std::vector<AlignedTable::Column> columns{{table.rows, Align::right}};
    for (const std::string& label : sub.column_labels) {
        columns.push_back({label + " ", Align::right});  // the blank stands above the mark of the best
    }
    AlignedTable aligned(std::move(columns));
    for (std::size_t r = 0; r < sub.points.size(); ++r) {
        std::vector<std::string> cells{sub.row_labels[r]};
        for (const std::optional<std::size_t> index : sub.points[r]) {
            if (!index) {
                cells.emplace_back(" ");
                continue;
            }
            const SweepPointResult& point = outcome.points[*index];
            if (!point.ran()) {
                cells.push_back(failures.mark(point) + " ");
            } else if (const std::optional<double> value = point.values[metric]) {
                cells.push_back(scale.text(*value) + (value == best ? "*" : " "));
            } else {
                cells.emplace_back("- ");
            }
        }
        aligned.add(std::move(cells));
    }
    return aligned.text(2);
}

std::string table_text(const SweepOutcome& outcome, const SweepTable& table, const Failures& failures) {
    const std::size_t index = metric_called(table.value);
    const Metric& metric = all_metrics()[index];
    const std::vector<SubTable> subs = sub_tables(outcome.sweep, table);
    std::vector<double> values;
    for (const SubTable& sub : subs) {
        for (const std::vector<std::optional<std::size_t>>& line : sub.points) {
            for (const std::optional<std::size_t> point : line) {
                if (point && outcome.points[*point].ran() && outcome.points[*point].values[index]) {
                    values.push_back(*outcome.points[*point].values[index]);
                }
            }
        }
    }
    const MetricScale scale(metric, values);
    std::string out = "\n" + table.title + "\n";
    std::string caption = "  " + table.value;
    if (!scale.unit().empty()) {
        caption += " in " + std::string(scale.unit());
    }
    caption += fmt::format("; rows {}, columns {}", table.rows, table.columns);
    for (const auto& [axis, label] : table.where) {
        caption += fmt::format(", where {} = {}", axis, label);
    }
    out += caption + (metric.better == MetricBetter::neither ? "\n" : "; * best of its table\n");
    for (const SubTable& sub : subs) {
        std::string fixed;
        for (const auto& [axis, label] : sub.fixed) {
            fixed += (fixed.empty() ? "" : ", ") + axis + " = " + label;
        }
        out += "\n" + (fixed.empty() ? "" : "  " + fixed + "\n");
        out += sub_table_text(outcome, table, sub, scale, failures);
    }
    return out;
}

// Points one under another: number, labels of the axes, the given metrics.
std::string listing(const SweepOutcome& outcome, const std::vector<std::size_t>& points,
                    const std::vector<std::size_t>& metrics, const Failures& failures) {
    std::vector<AlignedTable::Column> columns{{"point", Align::right}};
    for (const SweepAxis& axis : outcome.sweep.axes) {
        columns.push_back({axis.name, Align::left});
    }
    std::vector<MetricScale> scales;
    for (const std::size_t metric : metrics) {
        scales.emplace_back(all_metrics()[metric], values_of(outcome, metric));
        columns.push_back({heading(all_metrics()[metric], scales.back()), Align::right});
    }
    AlignedTable aligned(std::move(columns));
    for (const std::size_t index : points) {
        const SweepPointResult& point = outcome.points[index];
        std::vector<std::string> cells{std::to_string(index)};
        for (std::size_t a = 0; a < outcome.sweep.axes.size(); ++a) {
            cells.push_back(outcome.sweep.axes[a].values[point.point.choice[a]].label);
        }
        for (std::size_t m = 0; m < metrics.size(); ++m) {
            cells.push_back(!point.ran()               ? failures.mark(point)
                            : point.values[metrics[m]] ? scales[m].text(*point.values[metrics[m]])
                                                       : "-");
        }
        aligned.add(std::move(cells));
    }
    return aligned.text(2);
}

// The sweep's columns, `first` before the others; as many as lines of kWidth hold.
std::string fitting_listing(const SweepOutcome& outcome, const std::vector<std::size_t>& points,
                            std::optional<std::size_t> first, const Failures& failures) {
    std::vector<std::size_t> metrics;
    if (first) {
        metrics.push_back(*first);
    }
    for (const std::string& name : outcome.sweep.columns) {
        if (const std::size_t metric = metric_called(name); metric != first) {
            metrics.push_back(metric);
        }
    }
    std::string text = listing(outcome, points, metrics, failures);
    // All lines are about as long as the header.
    while (metrics.size() > 1 && text.find('\n') > kWidth) {
        metrics.pop_back();
        text = listing(outcome, points, metrics, failures);
    }
    return text;
}

// What the user looks at first: the value of the first table that can be better or worse, else the first such column.
std::optional<std::size_t> ranking_metric(const Sweep& sweep) {
    std::vector<std::string> names;
    for (const SweepTable& table : sweep.tables) {
        names.push_back(table.value);
    }
    names.insert(names.end(), sweep.columns.begin(), sweep.columns.end());
    for (const std::string& name : names) {
        const std::size_t metric = metric_called(name);
        if (all_metrics()[metric].better != MetricBetter::neither) {
            return metric;
        }
    }
    return std::nullopt;
}

std::string best_points_text(const SweepOutcome& outcome, const Failures& failures) {
    const std::optional<std::size_t> metric = ranking_metric(outcome.sweep);
    if (!metric) {
        return {};
    }
    std::vector<std::size_t> ranked;
    for (const SweepPointResult& point : outcome.points) {
        if (point.ran() && point.values[*metric]) {
            ranked.push_back(point.point.index);
        }
    }
    const MetricBetter better = all_metrics()[*metric].better;
    std::stable_sort(ranked.begin(), ranked.end(), [&](std::size_t a, std::size_t b) {
        return is_better(better, *outcome.points[a].values[*metric], *outcome.points[b].values[*metric]);
    });
    ranked.resize(std::min(ranked.size(), kBest));
    if (ranked.empty()) {
        return {};
    }
    return fmt::format("\nBest by {} ({} is better)\n", all_metrics()[*metric].name,
                       better == MetricBetter::lower ? "lower" : "higher") +
           fitting_listing(outcome, ranked, metric, failures);
}

// Whether moving along `axis` changes anything anywhere; nullopt: it could not be seen, nothing ran.
std::optional<bool> has_effect(const SweepOutcome& outcome, std::size_t axis) {
    const PointIndex index(outcome.sweep);
    std::optional<bool> seen;
    for (const SweepPointResult& point : outcome.points) {
        if (point.point.choice[axis] == 0) {
            continue;
        }
        std::vector<std::size_t> origin = point.point.choice;
        origin[axis] = 0;
        const std::optional<std::size_t> at = index.find(origin);
        if (!at) {
            continue;
        }
        const SweepPointResult& first = outcome.points[*at];
        if (first.ran() != point.ran()) {
            return true;
        }
        if (!first.ran()) {
            continue;
        }
        seen = false;
        for (const std::string& name : outcome.sweep.columns) {
            const std::size_t metric = metric_called(name);
            if (first.values[metric] != point.values[metric]) {
                return true;
            }
        }
    }
    return seen;
}

}  // namespace

std::vector<std::string> sweep_warnings(const SweepOutcome& outcome) {
    std::vector<std::string> warnings = outcome.sweep.notes;
    for (std::size_t a = 0; a < outcome.sweep.axes.size(); ++a) {
        if (has_effect(outcome, a) == false) {
            std::string columns;
            for (const std::string& name : outcome.sweep.columns) {
                columns += (columns.empty() ? "" : ", ") + name;
            }
            warnings.push_back(
                fmt::format("axis '{}' had no effect on {} at any point", outcome.sweep.axes[a].name, columns));
        }
    }
    return warnings;
}

std::string sweep_summary(const SweepOutcome& outcome) {
    const Sweep& sweep = outcome.sweep;
    const Failures failures(outcome);
    std::string out = sweep.title + "\n";
    std::string grid;
    for (const SweepAxis& axis : sweep.axes) {
        grid += fmt::format("{}{} {}", grid.empty() ? "" : " x ", axis.values.size(), axis.name);
    }
    out += fmt::format("  {} points ({}): {} ran, {} failed\n", outcome.points.size(), grid,
                       outcome.points.size() - outcome.failures(), outcome.failures());
    for (const SweepTable& table : sweep.tables) {
        out += table_text(outcome, table, failures);
    }
    if (sweep.tables.empty()) {
        std::vector<std::size_t> points;
        for (std::size_t i = 0; i < std::min(outcome.points.size(), kListed); ++i) {
            points.push_back(i);
        }
        out += "\n" + fitting_listing(outcome, points, std::nullopt, failures);
        if (outcome.points.size() > kListed) {
            out += fmt::format("  ... and {} more points, see sweep.csv\n", outcome.points.size() - kListed);
        }
    }
    out += best_points_text(outcome, failures);
    out += failures.text();
    for (const std::string& warning : sweep_warnings(outcome)) {
        out += "\nwarning: " + warning + "\n";
    }
    return out;
}

}  // namespace myriad
