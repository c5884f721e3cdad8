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
    // A label that is already there: no line to a label crosses it.
    void block_label(const PlotBox& box) {
        block(box);
        labels_.push_back(box);
    }
    void block_line(PlotPixel from, PlotPixel to);
    // Where a label goes, and where a line from its point meets it.
    struct Place {
        PlotBox box;
        PlotPixel end;
        bool tied = false;  // so far away that the line is needed
    };
    // A label of that size near `at`, at the nearest free place, which is taken then. None: no room.
    [[nodiscard]] std::optional<Place> place(PlotPixel at, double width, double height);

private:
    [[nodiscard]] bool is_free(const PlotBox& box) const;
    [[nodiscard]] bool crosses_label(PlotPixel from, PlotPixel to) const;

    PlotBox frame_;
    std::vector<PlotBox> taken_;
    std::vector<PlotBox> labels_;  // of those, labels
};

}  // namespace myriad
