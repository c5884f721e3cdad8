// Drawn in this order: page, grid, lines, points, labels, legend. Text widths are estimates, since nothing here knows a
// font.

#include "app/plot/log_plot.h"

#include "interconnect/topology/drawing/svg_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace myriad {
namespace {

constexpr double kLabelSize = 11.0;
constexpr double kMarker = 4.5;  // half of its size
constexpr const char* kLeader = "#9aa5b1";
constexpr const char* kInk = "#1f2933";
constexpr const char* kFaint = "#e4e7eb";
constexpr const char* kFainter = "#f1f3f5";
// Told apart without colour vision too (Okabe and Ito); used in turn.
constexpr const char* kColours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"};

class Drawing {
public:
    Drawing(const LogAxis& x, const LogAxis& y) : x_(x), y_(y), layout_(LogPlot::kFrame) {}

    [[nodiscard]] PlotPixel pixel(double x, double y) const {
        const PlotBox& frame = LogPlot::kFrame;
        return {frame.left + x_.share(x) * (frame.right - frame.left),
                frame.bottom - y_.share(y) * (frame.bottom - frame.top)};
    }

    void text(double x, double y, double size, const std::string& anchor, const std::string& words,
              const std::string& more = "") {
        svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{}\" text-anchor=\"{}\"{}>{}</text>\n", x, y,
                           size, anchor, more, svg_escaped(words));
    }

    void grid(const PlotAxisText& x_text, const PlotAxisText& y_text) {
        const PlotBox& frame = LogPlot::kFrame;
        for (const LogTick& tick : x_.ticks()) {
            const double at = pixel(tick.value, y_.first()).x;
            rule(at, frame.top, at, frame.bottom, tick.labelled);
            if (tick.labelled) {
                text(at, frame.bottom + 18.0, 12.0, "middle", x_text.tick(tick.value));
            }
        }
        for (const LogTick& tick : y_.ticks()) {
            const double at = pixel(x_.first(), tick.value).y;
            rule(frame.left, at, frame.right, at, tick.labelled);
            if (tick.labelled) {
                text(frame.left - 8.0, at + 4.0, 12.0, "end", y_text.tick(tick.value));
            }
        }
        svg += fmt::format(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"#9aa5b1\" "
            "stroke-width=\"1\"/>\n",
            frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
        text((frame.left + frame.right) / 2.0, frame.bottom + 44.0, 13.0, "middle", x_text.title);
        const double middle = (frame.top + frame.bottom) / 2.0;
        text(18.0, middle, 13.0, "middle", y_text.title, fmt::format(" transform=\"rotate(-90 18 {:.1f})\"", middle));
    }

    void line(const PlotLine& line) {
        std::string path;
        for (std::size_t i = 0; i < line.points.size(); ++i) {
            const PlotPixel at = pixel(line.points[i].first, line.points[i].second);
            path += fmt::format("{}{:.1f},{:.1f}", i == 0 ? "" : " ", at.x, at.y);
            if (i > 0) {
                layout_.block_line(pixel(line.points[i - 1].first, line.points[i - 1].second), at);
            }
        }
        svg += fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{}/>\n", path, kInk,
                           line.dashed ? 1.0 : 2.0, line.dashed ? " stroke-dasharray=\"6 4\"" : "");
    }

    // Along the line, above it, from its right end (level) or its middle (rising).
    void line_label(const PlotLine& line) {
        if (line.label.empty() || line.points.size() < 2) {
            return;
        }
        const PlotPixel from = pixel(line.points[0].first, line.points[0].second);
        const PlotPixel to = pixel(line.points[1].first, line.points[1].second);
        const double length = std::hypot(to.x - from.x, to.y - from.y);
        const double width = text_width(line.label, 12.0);
        const double cosine = (to.x - from.x) / length;
        const double sine = (to.y - from.y) / length;
        const double middle = std::max(length / 2.0, std::min(length - 6.0, width / 2.0 + 6.0));
        constexpr double kAbove = 7.0;
        const double x = from.x + middle * cosine + kAbove * sine;
        const double y = from.y + middle * sine - kAbove * cosine;
        text(x, y, 12.0, "middle", line.label,
             fmt::format(" transform=\"rotate({:.2f} {:.1f} {:.1f})\" fill=\"{}\"",
                         std::atan2(sine, cosine) * 180.0 / std::numbers::pi, x, y, kInk));
        // The text as a row of boxes, so that point labels keep off.
        for (double along = -width / 2.0; along <= width / 2.0; along += 6.0) {
            const double cx = x + along * cosine + 4.0 * sine;
            const double cy = y + along * sine - 4.0 * cosine;
            layout_.block_label({cx - 6.0, cy - 7.0, cx + 6.0, cy + 7.0});
        }
    }

    void point(const PlotPoint& point, std::size_t group) {
        const PlotPixel at = pixel(point.x, point.y);
        layout_.block({at.x - kMarker, at.y - kMarker, at.x + kMarker, at.y + kMarker});
        svg += "<g>";
        marker(at, group);
        svg += fmt::format("<title>{}</title></g>\n", svg_escaped(point.tooltip));
    }

    // False: there was no room.
    bool point_label(const PlotPoint& point) {
        const PlotPixel at = pixel(point.x, point.y);
        const double width = text_width(point.label, kLabelSize);
        if (const auto place = layout_.place(at, width, kLabelSize + 1.0)) {
            const auto& [box, end, tied] = *place;
            if (tied) {
                svg += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>\n",
                                   at.x, at.y, end.x, end.y, kLeader);
            }
            text((box.left + box.right) / 2.0, box.bottom - 3.0, kLabelSize, "middle", point.label);
            return true;
        }
        return false;
    }

    // A colour and a shape a group.
    void marker(PlotPixel at, std::size_t group) {
        const char* colour = kColours[group % std::size(kColours)];
        switch (group % 3) {
            case 0:
                svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" fill=\"{}\"/>", at.x, at.y, kMarker,
                                   colour);
                break;
            case 1:
                svg += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>",
                                   at.x - kMarker + 0.5, at.y - kMarker + 0.5, 2.0 * kMarker - 1.0, 2.0 * kMarker - 1.0,
                                   colour);
                break;
            default:
                svg +=
                    fmt::format("<polygon points=\"{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}\" fill=\"{}\"/>", at.x,
                                at.y - kMarker, at.x + kMarker, at.y + kMarker, at.x - kMarker, at.y + kMarker, colour);
        }
    }

    std::string svg;

private:
    void rule(double x1, double y1, double x2, double y2, bool strong) {
        svg += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>\n", x1, y1,
                           x2, y2, strong ? kFaint : kFainter);
    }

    const LogAxis& x_;
    const LogAxis& y_;
    LabelLayout layout_;
};

}  // namespace

LogPlot::LogPlot(std::string title, std::string subtitle, PlotAxisText x, PlotAxisText y)
    : title_(std::move(title)), subtitle_(std::move(subtitle)), x_text_(std::move(x)), y_text_(std::move(y)) {}

LogAxis LogPlot::axis(bool horizontal) const {
    double least = std::numeric_limits<double>::max();
    double greatest = 0.0;
    const auto take = [&](double value) {
        least = std::min(least, value);
        greatest = std::max(greatest, value);
    };
    for (const PlotLine& line : lines_) {
        for (const auto& [x, y] : line.points) {
            take(horizontal ? x : y);
        }
    }
    for (const PlotPoint& point : points_) {
        take(horizontal ? point.x : point.y);
    }
    return {least, greatest};
}

LogAxis LogPlot::x_axis() const { return axis(true); }
LogAxis LogPlot::y_axis() const { return axis(false); }

std::vector<std::string> LogPlot::groups() const {
    std::vector<std::string> names;
    for (const PlotPoint& point : points_) {
        names.push_back(point.group);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::string LogPlot::svg() const {
    const LogAxis x = x_axis();
    const LogAxis y = y_axis();
    const std::vector<std::string> names = groups();
    Drawing drawing(x, y);
    drawing.svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
        "font-family=\"Helvetica, Arial, sans-serif\" fill=\"{2}\">\n<rect width=\"{0}\" height=\"{1}\" "
        "fill=\"#ffffff\"/>\n",
        kWidth, kHeight, kInk);
    drawing.text(kFrame.left, 30.0, 18.0, "start", title_, " font-weight=\"bold\"");
    drawing.text(kFrame.left, 50.0, 12.0, "start", subtitle_);
    drawing.grid(x_text_, y_text_);
    for (const PlotLine& line : lines_) {
        drawing.line(line);
    }
    for (const PlotLine& line : lines_) {
        drawing.line_label(line);
    }
    const auto group_of = [&](const PlotPoint& point) {
        return static_cast<std::size_t>(std::lower_bound(names.begin(), names.end(), point.group) - names.begin());
    };
    for (const PlotPoint& point : points_) {
        drawing.point(point, group_of(point));
    }
    std::size_t left_out = 0;
    for (const PlotPoint& point : points_) {
        left_out += drawing.point_label(point) ? 0U : 1U;
    }
    constexpr double kLegendY = 70.0;
    double at = kFrame.left;
    for (std::size_t group = 0; group < names.size(); ++group) {
        drawing.marker({at + 6.0, kLegendY - 4.0}, group);
        drawing.svg += "\n";
        drawing.text(at + 16.0, kLegendY, 12.0, "start", names[group]);
        at += 36.0 + text_width(names[group], 12.0);
    }
    if (left_out > 0) {
        drawing.text(kFrame.right, kLegendY, kLabelSize, "end",
                     fmt::format("{} of {} labels had no room; hover over a marker", left_out, points_.size()));
    }
    return drawing.svg + "</svg>\n";
}

}  // namespace myriad
