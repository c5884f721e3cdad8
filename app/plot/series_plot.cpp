// Panels in rows of at most two. Colours and dashes change one after the other, so that 7 x 3 series differ; a name at
// the end of its line tells them on paper without colour too. Names are moved apart where they would touch.

#include "app/plot/series_plot.h"

#include "app/plot/plot_axis.h"
#include "interconnect/topology/drawing/svg_writer.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace myriad {
namespace {

constexpr double kPageWidth = 1080.0;
constexpr double kTop = 66.0;  // title and subtitle
constexpr double kLeft = 64.0;
constexpr double kBottom = 50.0;
constexpr double kNameSize = 11.0;
constexpr double kMarker = 3.0;  // half of its size
// Okabe and Ito; the last one is the ink of the page.
constexpr const char* kColours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "var(--ink)"};
constexpr const char* kDashes[] = {"", " stroke-dasharray=\"7 4\"", " stroke-dasharray=\"2 3\""};

constexpr const char* kStyle =
    "<style>svg{--ink:#1f2933;--page:#ffffff;--grid:#e4e7eb;--faint:#f1f3f5;--frame:#9aa5b1}"
    "@media (prefers-color-scheme:dark){svg{--ink:#e4e7eb;--page:#16191d;--grid:#39414b;--faint:#262c33;"
    "--frame:#7b8794}}</style>\n";

struct Box {
    double left = 0.0;
    double top = 0.0;
    double right = 0.0;
    double bottom = 0.0;
};

// Numbers the series by name in the order in which they first appear.
std::vector<std::string> names_of(const std::vector<PlotPanel>& panels) {
    std::vector<std::string> names;
    for (const PlotPanel& panel : panels) {
        for (const PlotSeries& series : panel.series) {
            if (std::find(names.begin(), names.end(), series.name) == names.end()) {
                names.push_back(series.name);
            }
        }
    }
    return names;
}

class Canvas {
public:
    Canvas(const SeriesAxis& x_text, const SeriesAxis& y_text, const PlotAxis& x, const PlotAxis& y,
           const std::vector<std::string>& names)
        : x_text_(x_text), y_text_(y_text), x_(x), y_(y), names_(names) {}

    void text(double x, double y, double size, const char* anchor, const std::string& words,
              const std::string& more = "") {
        svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{}\" text-anchor=\"{}\"{}>{}</text>\n", x, y,
                           size, anchor, more, svg_escaped(words));
    }

    void panel(const PlotPanel& panel, const Box& frame, bool titled_x) {
        if (!panel.title.empty()) {
            text(frame.left, frame.top - 8.0, 13.0, "start", panel.title, " font-weight=\"bold\"");
        }
        grid(frame);
        if (titled_x) {
            text((frame.left + frame.right) / 2.0, frame.bottom + 38.0, 12.0, "middle", x_text_.title);
        }
        bool any = false;
        for (const PlotSeries& series : panel.series) {
            if (!series.points.empty()) {
                any = true;
                lines(series, frame);
            }
        }
        if (any) {
            names(panel, frame);
        } else {
            text((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0, 12.0, "middle", "no results");
        }
    }

    std::string svg;

private:
    void rule(double x1, double y1, double x2, double y2, const char* colour) {
        svg += fmt::format("<path d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\" stroke=\"var(--{})\"/>\n", x1, y1, x2, y2, colour);
    }

    void grid(const Box& frame) {
        double free_from = -std::numeric_limits<double>::infinity();  // labels across must not touch
        for (const PlotTick& tick : x_.ticks()) {
            const double at = frame.left + tick.share * (frame.right - frame.left);
            rule(at, frame.top, at, frame.bottom, tick.label.empty() ? "faint" : "grid");
            const double half = text_width(tick.label, 11.0) / 2.0 + 3.0;
            if (!tick.label.empty() && at - half >= free_from) {
                text(at, frame.bottom + 16.0, 11.0, "middle", tick.label);
                free_from = at + half;
            }
        }
        for (const PlotTick& tick : y_.ticks()) {
            const double at = frame.bottom - tick.share * (frame.bottom - frame.top);
            rule(frame.left, at, frame.right, at, tick.label.empty() ? "faint" : "grid");
            if (!tick.label.empty()) {
                text(frame.left - 6.0, at + 4.0, 11.0, "end", tick.label);
            }
        }
        svg += fmt::format(
            "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"none\" "
            "stroke=\"var(--frame)\"/>\n",
            frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
        text(frame.left - 44.0, (frame.top + frame.bottom) / 2.0, 12.0, "middle", y_text_.title,
             fmt::format(" transform=\"rotate(-90 {:.1f} {:.1f})\"", frame.left - 44.0,
                         (frame.top + frame.bottom) / 2.0));
    }

    [[nodiscard]] std::size_t number_of(const std::string& name) const {
        return static_cast<std::size_t>(std::find(names_.begin(), names_.end(), name) - names_.begin());
    }
    [[nodiscard]] Point pixel(const std::pair<double, double>& point, const Box& frame) const {
        return {frame.left + x_.share(point.first) * (frame.right - frame.left),
                frame.bottom - y_.share(point.second) * (frame.bottom - frame.top)};
    }

    void lines(const PlotSeries& series, const Box& frame) {
        const std::size_t number = number_of(series.name);
        const char* colour = kColours[number % std::size(kColours)];
        std::string path;
        for (const auto& point : series.points) {
            const Point at = pixel(point, frame);
            path += fmt::format("{}{:.1f},{:.1f}", path.empty() ? "" : " ", at.x, at.y);
        }
        svg += fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.8\"{}/>\n", path,
                           colour, kDashes[number / std::size(kColours) % std::size(kDashes)]);
        for (const auto& point : series.points) {
            const Point at = pixel(point, frame);
            svg += fmt::format(
                "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" fill=\"{}\"><title>{}</title></circle>\n", at.x, at.y,
                kMarker, colour,
                svg_escaped(fmt::format("{}: {} at {}", series.name, y_value(point.second), x_value(point.first))));
        }
    }
    [[nodiscard]] std::string y_value(double value) const {
        return y_text_.tick != nullptr ? y_text_.tick(value) : fmt::format("{:.4g}", value);
    }
    [[nodiscard]] std::string x_value(double value) const {
        if (!x_text_.words.empty()) {
            return x_text_.words[static_cast<std::size_t>(value)];
        }
        return x_text_.tick != nullptr ? x_text_.tick(value) : fmt::format("{:.4g}", value);
    }

    // At the height of the last points, but `apart`; then moved up together where they leave the frame.
    void names(const PlotPanel& panel, const Box& frame) {
        std::vector<std::pair<double, std::size_t>> wanted;
        for (std::size_t i = 0; i < panel.series.size(); ++i) {
            if (!panel.series[i].points.empty()) {
                wanted.emplace_back(pixel(panel.series[i].points.back(), frame).y, i);
            }
        }
        std::sort(wanted.begin(), wanted.end());
        const double apart = std::min(13.0, (frame.bottom - frame.top + 13.0) / static_cast<double>(wanted.size()));
        std::vector<double> at(wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            at[i] = i == 0 ? wanted[i].first : std::max(wanted[i].first, at[i - 1] + apart);
        }
        for (std::size_t i = wanted.size(); i-- > 0;) {
            at[i] = std::min(at[i], i + 1 == wanted.size() ? frame.bottom : at[i + 1] - apart);
        }
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const PlotSeries& series = panel.series[wanted[i].second];
            const Point end = pixel(series.points.back(), frame);
            const char* colour = kColours[number_of(series.name) % std::size(kColours)];
            svg += fmt::format("<path d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\" stroke=\"{}\" stroke-width=\"0.7\"/>\n",
                               end.x + kMarker, end.y, frame.right + 10.0, at[i], colour);
            text(frame.right + 13.0, at[i] + 4.0, kNameSize, "start", series.name, fmt::format(" fill=\"{}\"", colour));
        }
    }

    const SeriesAxis& x_text_;
    const SeriesAxis& y_text_;
    const PlotAxis& x_;
    const PlotAxis& y_;
    const std::vector<std::string>& names_;
};

}  // namespace

SeriesPlot::SeriesPlot(std::string title, std::string subtitle, SeriesAxis x, SeriesAxis y)
    : title_(std::move(title)), subtitle_(std::move(subtitle)), x_(std::move(x)), y_(std::move(y)) {}

std::string SeriesPlot::svg() const {
    double least[2] = {std::numeric_limits<double>::max(), std::numeric_limits<double>::max()};
    double greatest[2] = {std::numeric_limits<double>::lowest(), std::numeric_limits<double>::lowest()};
    for (const PlotPanel& panel : panels_) {
        for (const PlotSeries& series : panel.series) {
            for (const auto& [x, y] : series.points) {
                least[0] = std::min(least[0], x);
                greatest[0] = std::max(greatest[0], x);
                least[1] = std::min(least[1], y);
                greatest[1] = std::max(greatest[1], y);
            }
        }
    }
    MYRIAD_CHECK(least[0] <= greatest[0], "a plot of no points");
    const PlotAxis x(x_, least[0], greatest[0]);
    const PlotAxis y(y_, least[1], greatest[1]);
    const std::vector<std::string> names = names_of(panels_);
    const double name_width = std::accumulate(names.begin(), names.end(), 30.0, [](double widest, const auto& name) {
        return std::max(widest, text_width(name, kNameSize) + 22.0);
    });
    const std::size_t columns = panels_.size() > 1 ? 2 : 1;
    const std::size_t rows = (panels_.size() + columns - 1) / columns;
    const double cell_width = (kPageWidth - 16.0) / static_cast<double>(columns);
    const double cell_height = columns == 1 ? 520.0 : 330.0;
    const double height = kTop + static_cast<double>(rows) * cell_height + 8.0;

    Canvas canvas(x_, y_, x, y, names);
    canvas.svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
        "font-family=\"Helvetica, Arial, sans-serif\" style=\"fill:var(--ink)\">\n{2}<rect width=\"{0}\" "
        "height=\"{1}\" fill=\"var(--page)\"/>\n",
        kPageWidth, height, kStyle);
    canvas.text(20.0, 28.0, 18.0, "start", title_, " font-weight=\"bold\"");
    canvas.text(20.0, 46.0, 12.0, "start", subtitle_);
    for (std::size_t p = 0; p < panels_.size(); ++p) {
        const double left = 8.0 + static_cast<double>(p % columns) * cell_width;
        const double top = kTop + static_cast<double>(p / columns) * cell_height;
        canvas.panel(panels_[p],
                     {left + kLeft, top + 24.0, left + cell_width - name_width, top + cell_height - kBottom},
                     p + columns >= panels_.size());
    }
    return canvas.svg + "</svg>\n";
}

}  // namespace myriad
