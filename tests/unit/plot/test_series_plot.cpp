#include "app/plot/plot_axis.h"
#include "app/plot/series_plot.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <regex>
#include <set>

using namespace myriad;
using Catch::Matchers::Contains;

namespace {

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
        ++found;
    }
    return found;
}

// Heights of the texts that are names of series, in the order of drawing.
std::vector<double> name_heights(const std::string& svg) {
    static const std::regex name("<text x=\"[0-9.]+\" y=\"([0-9.]+)\"[^>]*>s[0-9]+</text>");
    std::vector<double> heights;
    for (std::sregex_iterator at(svg.begin(), svg.end(), name), end; at != end; ++at) {
        heights.push_back(std::stod((*at)[1]));
    }
    return heights;
}

}  // namespace

TEST_CASE("a linear axis begins at zero where that is near and steps by 1, 2 or 5") {
    const SeriesAxis text{"x", PlotScale::linear, nullptr, {}};
    // At most 8 intervals: 1,400 / 8 = 175, and of 1, 2, 5 x 100 the first that is not less is 200: 0, 200, ... 1400.
    const PlotAxis axis(text, 100.0, 1400.0);
    CHECK(axis.share(0.0) == Approx(0.0).margin(1e-12));
    CHECK(axis.share(1400.0) == Approx(1.0));
    REQUIRE(axis.ticks().size() == 8);
    CHECK(axis.ticks()[1].label == "200");
    // 0 would take 9 tenths of the length.
    CHECK(PlotAxis(text, 90.0, 100.0).share(90.0) == Approx(0.0).margin(1e-12));
}

TEST_CASE("one value makes an axis") {
    const SeriesAxis text{"x", PlotScale::linear, nullptr, {}};
    const double share = PlotAxis(text, 7.0, 7.0).share(7.0);
    CHECK(share >= 0.0);
    CHECK(share <= 1.0);
}

TEST_CASE("words stand at equal distances") {
    const SeriesAxis text{"x", PlotScale::linear, nullptr, {"a", "b", "c", "d"}};
    const PlotAxis axis(text, 0.0, 3.0);
    CHECK(axis.share(0.0) == Approx(0.125));
    CHECK(axis.share(3.0) == Approx(0.875));
    CHECK(axis.ticks()[2].label == "c");
}

TEST_CASE("a series keeps its colour in every panel, and every point has a tooltip") {
    SeriesPlot plot("title", "a < b", {"x", PlotScale::logarithmic, nullptr, {}},
                    {"y", PlotScale::linear, nullptr, {}});
    plot.add({"one", {{"first", {{1.0, 10.0}, {10.0, 20.0}}}, {"second", {{1.0, 5.0}}}}});
    plot.add({"two", {{"second", {{1.0, 6.0}, {100.0, 7.0}}}}});
    plot.add({"three", {}});
    const std::string svg = plot.svg();
    CHECK(count(svg, "<title>") == 5);
    // `second` is the second colour: three markers, two lines, two leaders, two names.
    CHECK(count(svg, "#d55e00") == 3 + 2 + 2 + 2);
    CHECK_THAT(svg, Contains("no results") && Contains("a &lt; b") && Contains("prefers-color-scheme:dark"));
}

TEST_CASE("names at line ends keep apart and inside the panel") {
    SeriesPlot plot("t", "", {"x", PlotScale::linear, nullptr, {}}, {"y", PlotScale::linear, nullptr, {}});
    PlotPanel panel{"", {}};
    for (int s = 0; s < 16; ++s) {
        panel.series.push_back({"s" + std::to_string(s), {{0.0, 0.0}, {1.0, s < 12 ? 0.0 : 1.0}}});
    }
    plot.add(panel);
    const std::vector<double> heights = name_heights(plot.svg());
    REQUIRE(heights.size() == 16);
    for (std::size_t i = 1; i < heights.size(); ++i) {
        CHECK(heights[i] - heights[i - 1] >= 12.9);
    }
    CHECK(heights.front() >= 66.0);
    CHECK(heights.back() <= 66.0 + 520.0 - 50.0 + 5.0);
}
