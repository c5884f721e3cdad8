// Across go the labels of the x axis: as numbers where all of them are quantities of one kind ("700 GB/s", "1 MiB", "8"),
// logarithmic where they span more than a factor of fifty; else as words. Results are logarithmic from a factor of a
// thousand on.

#include "app/sweep/sweep_plot.h"

#include "app/plot/series_plot.h"
#include "app/scenario/metric.h"
#include "app/sweep/metric_text.h"
#include "app/sweep/pivot.h"
#include "sim/error/error.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace myriad {
namespace {

constexpr double kLogarithmicAcrossFrom = 50.0;
constexpr double kLogarithmicUpFrom = 1000.0;

struct Across {
    SeriesAxis axis;
    std::vector<double> values;  // of the labels
};

template <class Q>
double number_of(Q quantity) {
    return static_cast<double>(quantity.count());
}

// The labels as quantities of kind Q; `tick` writes one.
template <class Q>
std::optional<Across> as_quantities(const std::vector<std::string>& labels, std::string (*tick)(double)) {
    Across across;
    for (const std::string& label : labels) {
        const Parsed<Q> parsed = parse_quantity<Q>(label);
        if (!parsed) {
            return std::nullopt;
        }
        across.values.push_back(number_of(parsed.value));
    }
    across.axis.tick = tick;
    return across;
}

std::optional<Across> as_numbers(const std::vector<std::string>& labels) {
    Across across;
    for (const std::string& label : labels) {
        const Parsed<double> parsed = parse_number(label);
        if (!parsed) {
            return std::nullopt;
        }
        across.values.push_back(parsed.value);
    }
    return across;
}

template <class Q>
std::string quantity_tick(double value) {
    return human_text(Q{static_cast<std::int64_t>(value)});
}

Across across_of(const std::string& name, const std::vector<std::string>& labels) {
    std::optional<Across> across = as_numbers(labels);
    if (!across) {
        across = as_quantities<BytesPerSecond>(labels, quantity_tick<BytesPerSecond>);
    }
    if (!across) {
        across = as_quantities<Bytes>(labels, quantity_tick<Bytes>);
    }
    if (!across) {
        across = as_quantities<Picoseconds>(labels, quantity_tick<Picoseconds>);
    }
    if (!across) {
        across.emplace();
        for (std::size_t i = 0; i < labels.size(); ++i) {
            across->values.push_back(static_cast<double>(i));
        }
        across->axis.words = labels;
    }
    across->axis.title = name;
    const auto [least, greatest] = std::minmax_element(across->values.begin(), across->values.end());
    if (*least > 0.0 && *greatest > kLogarithmicAcrossFrom * *least) {
        across->axis.scale = PlotScale::logarithmic;
    }
    return *across;
}

// Every value that the picture will show.
std::vector<double> values_of(const SweepOutcome& outcome, const std::vector<SubTable>& subs, std::size_t metric) {
    std::vector<double> values;
    for (const SubTable& sub : subs) {
        for (const std::vector<std::optional<std::size_t>>& row : sub.points) {
            for (const std::optional<std::size_t> point : row) {
                if (point && outcome.points[*point].ran() && outcome.points[*point].values[metric]) {
                    values.push_back(*outcome.points[*point].values[metric]);
                }
            }
        }
    }
    return values;
}

PlotPanel panel_of(const SweepOutcome& outcome, const SubTable& sub, const Across& across, std::size_t metric,
                   double divisor) {
    PlotPanel panel;
    for (const auto& [axis, label] : sub.fixed) {
        panel.title += (panel.title.empty() ? "" : ", ") + axis + " = " + label;
    }
    for (std::size_t column = 0; column < sub.column_labels.size(); ++column) {
        PlotSeries series{sub.column_labels[column], {}};
        for (std::size_t row = 0; row < sub.points.size(); ++row) {
            if (!sub.points[row][column]) {
                continue;
            }
            const SweepPointResult& point = outcome.points[*sub.points[row][column]];
            if (point.ran() && point.values[metric]) {
                series.points.emplace_back(across.values[row], *point.values[metric] / divisor);
            }
        }
        std::stable_sort(series.points.begin(), series.points.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        panel.series.push_back(std::move(series));
    }
    return panel;
}

}  // namespace

std::string sweep_plot_svg(const SweepOutcome& outcome, const SweepPlot& plot) {
    const auto metric = find_metric(plot.pivot.value);
    MYRIAD_CHECK(metric.has_value(), "no metric is called " + plot.pivot.value);
    const std::vector<SubTable> subs = sub_tables(outcome, plot.pivot);
    const std::vector<double> values = values_of(outcome, subs, *metric);
    if (values.empty()) {
        return {};
    }
    const MetricScale scale(all_metrics()[*metric], values);
    const Across across = across_of(plot.pivot.rows, subs.front().row_labels);
    std::string subtitle;
    for (const auto& [axis, label] : plot.pivot.where) {
        subtitle += (subtitle.empty() ? "" : ", ") + axis + " = " + label;
    }
    if (!plot.pivot.best_of.empty()) {
        subtitle += fmt::format("{}best {}{}", subtitle.empty() ? "" : "; ", fmt::join(plot.pivot.best_of, ", "),
                                plot.pivot.best_by == plot.pivot.value ? "" : " by " + plot.pivot.best_by);
    }
    SeriesAxis upwards{heading(all_metrics()[*metric], scale), PlotScale::linear, nullptr, {}};
    const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
    if (*least > 0.0 && *greatest > kLogarithmicUpFrom * *least) {
        upwards.scale = PlotScale::logarithmic;
    }
    SeriesPlot picture(plot.pivot.title, subtitle, across.axis, upwards);
    for (const SubTable& sub : subs) {
        picture.add(panel_of(outcome, sub, across, *metric, scale.divisor()));
    }
    return picture.svg();
}

}  // namespace myriad
