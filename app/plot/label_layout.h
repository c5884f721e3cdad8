#pragma once
// Finds places for labels in a plot, so that none covers a marker, a line or another label. Pixels, y downwards.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

struct PlotBox {
    double left = 0.0;
    double top = 0.0;
    double right = 0.0;
    double bottom = 0.0;
    [[nodiscard]] bool overlaps(const PlotBox& other) const {
        return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
};

struct PlotPixel {
    double x = 0.0;
    double y = 0.0;
};

class LabelLayout {
public:
    // Labels stay inside `frame`.
    explicit LabelLayout(const PlotBox& frame) : frame_(frame) {}
    void block(const PlotBox& box) { taken_.push_back(box); }
    void block_line(PlotPixel from, PlotPixel to);
    // The box of a label of that size near `at`, the nearest that is free; it is taken then. None: no room.
    [[nodiscard]] std::optional<PlotBox> place(PlotPixel at, double width, double height);

private:
    [[nodiscard]] bool is_free(const PlotBox& box) const;

    PlotBox frame_;
    std::vector<PlotBox> taken_;
};

}  // namespace myriad
