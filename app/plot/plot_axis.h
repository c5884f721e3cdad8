#pragma once
// One axis of a SeriesPlot: from a value to a share of its length, and where its ticks are.

#include "app/plot/log_axis.h"
#include "app/plot/series_plot.h"

#include <optional>
#include <string>
#include <vector>

namespace myriad {

struct PlotTick {
    double share = 0.0;  // of the length of the axis
    std::string label;   // empty: a faint line only
};

class PlotAxis {
public:
    // Covers [least, greatest]; a linear one begins at 0 where that costs less than half of its length.
    PlotAxis(const SeriesAxis& text, double least, double greatest);

    // 0 at the beginning, 1 at the end.
    [[nodiscard]] double share(double value) const;
    [[nodiscard]] std::vector<PlotTick> ticks() const;

private:
    const SeriesAxis& text_;
    std::optional<LogAxis> log_;
    double first_ = 0.0;
    double last_ = 1.0;
    double step_ = 1.0;  // between ticks of a linear axis
};

}  // namespace myriad
