#pragma once
// An SVG of points and lines on two logarithmic axes, for looking at on a light page: ticks with text, labelled lines,
// points in named groups with labels that cover nothing. A label without room is left out; its point keeps a tooltip.

#include "app/plot/label_layout.h"
#include "app/plot/log_axis.h"

#include <string>
#include <utility>
#include <vector>

namespace myriad {

struct PlotAxisText {
    std::string title;                  // "achieved rate"
    std::string (*tick)(double value);  // "10 TFLOP/s"
};

struct PlotLine {
    std::vector<std::pair<double, double>> points;  // x, y
    std::string label;                              // along its first part; empty: none
    bool dashed = false;
};

struct PlotPoint {
    double x = 0.0;
    double y = 0.0;
    std::string label;
    std::string tooltip;
    std::string group;  // of one colour and shape, in the legend
};

class LogPlot {
public:
    LogPlot(std::string title, std::string subtitle, PlotAxisText x, PlotAxisText y);
    void add(PlotLine line) { lines_.push_back(std::move(line)); }
    void add(PlotPoint point) { points_.push_back(std::move(point)); }

    // The axes cover every line and point.
    [[nodiscard]] LogAxis x_axis() const;
    [[nodiscard]] LogAxis y_axis() const;
    [[nodiscard]] std::string svg() const;

    static constexpr double kWidth = 960.0;
    static constexpr double kHeight = 620.0;
    static constexpr PlotBox kFrame{110.0, 84.0, 930.0, 550.0};

private:
    [[nodiscard]] LogAxis axis(bool horizontal) const;
    [[nodiscard]] std::vector<std::string> groups() const;

    std::string title_;
    std::string subtitle_;
    PlotAxisText x_text_;
    PlotAxisText y_text_;
    std::vector<PlotLine> lines_;
    std::vector<PlotPoint> points_;
};

}  // namespace myriad
