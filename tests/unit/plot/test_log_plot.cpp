#include "app/plot/log_plot.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <regex>

using namespace myriad;
using Catch::Matchers::Contains;

namespace {

std::string plain(double value) { return std::to_string(static_cast<long long>(std::llround(value))); }

LogPlot small_plot(int points) {
    LogPlot plot("title", "a < b", {"x", plain}, {"y", plain});
    plot.add(PlotLine{{{1.0, 10.0}, {100.0, 1000.0}}, "roof", false});
    for (int i = 0; i < points; ++i) {
        plot.add(PlotPoint{std::pow(10.0, i % 3), std::pow(10.0, 1 + i % 3), "point " + std::to_string(i), "tip", "g"});
    }
    return plot;
}

std::vector<double> labelled(const LogAxis& axis) {
    std::vector<double> values;
    for (const LogTick& tick : axis.ticks()) {
        if (tick.labelled) {
            values.push_back(tick.value);
        }
    }
    return values;
}

}  // namespace

TEST_CASE("an axis ends at one of 1, 2, 5 outside its values and labels its decades") {
    // 3 / 1.15 = 2.6 -> 2; 4000 x 1.15 = 4600 -> 5000. Decades inside: 10, 100, 1000.
    const LogAxis axis(3.0, 4000.0);
    CHECK(axis.first() == Approx(2.0));
    CHECK(axis.last() == Approx(5000.0));
    const std::vector<double> values = labelled(axis);
    REQUIRE(values.size() == 3);
    CHECK(values[0] == Approx(10.0));
    CHECK(values[2] == Approx(1000.0));
    // 2..9, 10..90, 100..900, 1000..5000: 8 + 9 + 9 + 5.
    CHECK(axis.ticks().size() == 31);
}

TEST_CASE("an axis of few decades labels 2 and 5 too") {
    // 1.2 / 1.15 = 1.04 -> 1; 6 x 1.15 = 6.9 -> 10.
    const std::vector<double> values = labelled(LogAxis(1.2, 6.0));
    REQUIRE(values.size() == 4);
    CHECK(values[0] == Approx(1.0));
    CHECK(values[1] == Approx(2.0));
    CHECK(values[2] == Approx(5.0));
    CHECK(values[3] == Approx(10.0));
    CHECK(labelled(LogAxis(5.0, 5.0)).size() >= 2);  // one value alone
}

TEST_CASE("equal ratios are equal lengths") {
    const LogAxis axis(1.0, 1e6);
    CHECK(axis.share(axis.first()) == Approx(0.0).margin(1e-12));
    CHECK(axis.share(axis.last()) == Approx(1.0));
    CHECK(axis.share(1e4) - axis.share(1e2) == Approx(axis.share(1e3) - axis.share(1e1)));
}

TEST_CASE("every marker lies inside the frame and every label inside the page") {
    const std::string svg = small_plot(12).svg();
    const std::regex circle("<circle cx=\"([0-9.]+)\" cy=\"([0-9.]+)\"");
    int inside = 0;
    for (std::sregex_iterator it(svg.begin(), svg.end(), circle), end; it != end; ++it) {
        const double x = std::stod((*it)[1]);
        const double y = std::stod((*it)[2]);
        inside += x > LogPlot::kFrame.left && x < LogPlot::kFrame.right && y > LogPlot::kFrame.top &&
                          y < LogPlot::kFrame.bottom
                      ? 1
                      : 0;
    }
    CHECK(inside == 12);  // the marker of the legend stands above the frame
    CHECK_THAT(svg, Contains("a &lt; b"));
    CHECK_THAT(svg, Contains("<title>tip</title>"));
}

TEST_CASE("labels take free places and are left out when there is none") {
    LabelLayout layout({0.0, 0.0, 200.0, 100.0});
    std::vector<PlotBox> boxes;
    int left_out = 0;
    for (int i = 0; i < 60; ++i) {
        if (const auto place = layout.place({100.0, 50.0}, 30.0, 10.0)) {
            for (const PlotBox& other : boxes) {
                CHECK_FALSE(place->box.overlaps(other));
            }
            CHECK(place->box.left >= 0.0);
            CHECK(place->box.bottom <= 100.0);
            boxes.push_back(place->box);
        } else {
            ++left_out;
        }
    }
    CHECK(boxes.size() >= 4);  // right, above, below, left; lines to others would cross these
    CHECK(left_out > 0);
    layout = LabelLayout({0.0, 0.0, 200.0, 100.0});
    layout.block_line({0.0, 50.0}, {200.0, 50.0});
    const auto place = layout.place({100.0, 50.0}, 30.0, 10.0);
    REQUIRE(place.has_value());
    CHECK((place->box.bottom <= 50.0 || place->box.top >= 50.0));  // beside the line, not on it
    CHECK_FALSE(place->tied);
}
