// Bus bandwidth over size: both axes logarithmic, because small sizes are where software and latency show.

#include "app/compare/collective_comparison.h"
#include "app/plot/series_plot.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {
namespace {

constexpr double kGiga = 1e9;

std::string size_tick(double value) {
    constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    while (value >= 1000.0 && unit + 1 < std::size(kUnits)) {
        value /= 1000.0;
        ++unit;
    }
    return fmt::format("{:g} {}", value, kUnits[unit]);
}

}  // namespace

std::string comparison_svg(const CollectiveComparison& comparison) {
    std::vector<PlotPanel> panels;
    bool any = false;
    std::string operations;
    for (const CollectiveSeries& series : comparison.series) {
        if (panels.empty() || panels.back().title != series.operation) {
            panels.push_back({series.operation, {}});
            operations += (operations.empty() ? "" : ", ") + series.operation;
        }
        PlotSeries line{series_name(comparison, series), {}};
        for (const CollectiveRow& row : series.rows) {
            if (row.size.count() > 0 && row.busbw > 0.0) {
                line.points.emplace_back(static_cast<double>(row.size.count()), row.busbw / kGiga);
                any = true;
            }
        }
        std::stable_sort(line.points.begin(), line.points.end());
        panels.back().series.push_back(std::move(line));
    }
    if (!any) {
        return {};
    }
    SeriesPlot plot(operations,
                    fmt::format("bus bandwidth as nccl-tests defines it, network level {}", comparison.network),
                    {"size", PlotScale::logarithmic, size_tick, {}},
                    {"bus bandwidth, GB/s per direction", PlotScale::logarithmic, nullptr, {}});
    for (PlotPanel& panel : panels) {
        if (panels.size() == 1) {
            panel.title.clear();
        }
        plot.add(std::move(panel));
    }
    return plot.svg();
}

}  // namespace myriad
