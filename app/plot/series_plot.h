#pragma once
// An SVG of lines in one or several panels side by side, on light and dark pages: the same series has the same colour and
// dash in every panel, its name stands at its right end. Each axis is linear, logarithmic or, across, a row
// of words.

#include <string>
#include <utility>
#include <vector>

namespace myriad {

enum class PlotScale { linear, logarithmic };

struct SeriesAxis {
    std::string title;  // "bus bandwidth, GB/s per direction"
    PlotScale scale = PlotScale::linear;
    std::string (*tick)(double value) = nullptr;  // null: the shortest decimal
    std::vector<std::string> words;               // across only: x = 0, 1, ... have these names; the scale has no say
};

struct PlotSeries {
    std::string name;
    std::vector<std::pair<double, double>> points;  // x, y, ascending in x; where a logarithmic axis, positive
};

struct PlotPanel {
    std::string title;  // empty: none
    std::vector<PlotSeries> series;
};

class SeriesPlot {
public:
    SeriesPlot(std::string title, std::string subtitle, SeriesAxis x, SeriesAxis y);
    // A panel without any point is drawn as empty and says so.
    void add(PlotPanel panel) { panels_.push_back(std::move(panel)); }
    // All panels have the same axes, which cover every point. At least one panel has a point.
    [[nodiscard]] std::string svg() const;

private:
    std::string title_;
    std::string subtitle_;
    SeriesAxis x_;
    SeriesAxis y_;
    std::vector<PlotPanel> panels_;
};

}  // namespace myriad
