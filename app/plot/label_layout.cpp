// Greedy: each label in turn takes the first free place of a fixed list, near ones first.

#include "app/plot/label_layout.h"

#include <algorithm>
#include <cmath>

namespace myriad {

namespace {

// Small boxes along a line, a few pixels apart; no label is that small.
std::vector<PlotBox> boxes_along(PlotPixel from, PlotPixel to) {
    constexpr double kStep = 4.0;
    constexpr double kHalf = 2.0;
    const double length = std::hypot(to.x - from.x, to.y - from.y);
    const int steps = std::max(1, static_cast<int>(std::ceil(length / kStep)));
    std::vector<PlotBox> boxes;
    for (int i = 0; i <= steps; ++i) {
        const double share = static_cast<double>(i) / steps;
        const double x = from.x + share * (to.x - from.x);
        const double y = from.y + share * (to.y - from.y);
        boxes.push_back({x - kHalf, y - kHalf, x + kHalf, y + kHalf});
    }
    return boxes;
}

}  // namespace

void LabelLayout::block_line(PlotPixel from, PlotPixel to) {
    const std::vector<PlotBox> boxes = boxes_along(from, to);
    taken_.insert(taken_.end(), boxes.begin(), boxes.end());
}

bool LabelLayout::crosses_label(PlotPixel from, PlotPixel to) const {
    for (const PlotBox& box : boxes_along(from, to)) {
        if (std::any_of(labels_.begin(), labels_.end(), [&](const PlotBox& label) { return box.overlaps(label); })) {
            return true;
        }
    }
    return false;
}

bool LabelLayout::is_free(const PlotBox& box) const {
    const bool inside =
        box.left >= frame_.left && box.right <= frame_.right && box.top >= frame_.top && box.bottom <= frame_.bottom;
    return inside &&
           std::none_of(taken_.begin(), taken_.end(), [&](const PlotBox& other) { return box.overlaps(other); });
}

std::optional<LabelLayout::Place> LabelLayout::place(PlotPixel at, double width, double height) {
    // Where the label's centre stands, in half widths and half heights beyond the distance: right, above, below, left,
    // then the corners.
    constexpr double kDirections[][2] = {{1, 0},   {0, -1}, {0, 1},    {-1, 0},  {1, -1},    {1, 1},
                                         {-1, -1}, {-1, 1}, {0.5, -1}, {0.5, 1}, {-0.5, -1}, {-0.5, 1}};
    constexpr double kTied = 12.0;  // pixels
    for (const double distance : {8.0, 16.0, 26.0, 38.0, 52.0}) {
        for (const auto& [right, down] : kDirections) {
            const double x = at.x + right * (distance + width / 2.0);
            const double y = at.y + down * (distance + height / 2.0);
            const PlotBox box{x - width / 2.0, y - height / 2.0, x + width / 2.0, y + height / 2.0};
            const PlotPixel end{std::clamp(at.x, box.left, box.right), std::clamp(at.y, box.top, box.bottom)};
            const bool tied = std::hypot(end.x - at.x, end.y - at.y) > kTied;
            if (!is_free(box) || (tied && crosses_label(at, end))) {
                continue;
            }
            block_label(box);
            if (tied) {
                block_line(at, end);
            }
            return Place{box, end, tied};
        }
    }
    return std::nullopt;
}

}  // namespace myriad
