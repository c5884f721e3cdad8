// Pivots and lists of points: all cells of a table in one unit, so that they can be compared by eye.

#include "app/sweep/summary_tables.h"

#include "app/analysis/grid.h"
#include "app/result/aligned_table.h"
#include "app/scenario/metric.h"
#include "app/sweep/metric_text.h"
#include "app/sweep/pivot.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <optional>

namespace myriad {
namespace {

std::size_t metric_called(const std::string& name) {
    const auto index = find_metric(name);
    MYRIAD_CHECK(index.has_value(), "no metric is called " + name);
    return *index;
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

}  // namespace

std::string table_text(const SweepOutcome& outcome, const SweepTable& table, const Failures& failures) {
    const std::size_t index = metric_called(table.value);
    const Metric& metric = all_metrics()[index];
    const std::vector<SubTable> subs = sub_tables(outcome, table);
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
    if (!table.best_of.empty()) {
        caption += fmt::format("; of the best {}", fmt::join(table.best_of, ", "));
        caption += table.best_by == table.value ? "" : " by " + table.best_by;
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

std::string fitting_listing(const SweepOutcome& outcome, const std::vector<std::size_t>& points,
                            const Failures& failures) {
    std::vector<std::size_t> metrics;
    for (const std::string& name : outcome.sweep.columns) {
        metrics.push_back(metric_called(name));
    }
    std::string text = listing(outcome, points, metrics, failures);
    // All lines are about as long as the header.
    while (metrics.size() > 1 && text.find('\n') > kSummaryWidth) {
        metrics.pop_back();
        text = listing(outcome, points, metrics, failures);
    }
    return text;
}

}  // namespace myriad
