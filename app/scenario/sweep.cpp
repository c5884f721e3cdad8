// Points of a grid are numbered like digits of a number whose base changes from axis to axis.

#include "app/scenario/sweep.h"

namespace myriad {

std::size_t grid_size(const std::vector<SweepAxis>& axes) {
    std::size_t count = 1;
    for (const SweepAxis& axis : axes) {
        count *= axis.values.size();
    }
    return count;
}

std::vector<std::string> overrides_of(const std::vector<SweepAxis>& axes, const std::vector<std::size_t>& choice) {
    std::vector<std::string> overrides;
    for (std::size_t a = 0; a < axes.size(); ++a) {
        const AxisValue& value = axes[a].values[choice[a]];
        overrides.insert(overrides.end(), value.overrides.begin(), value.overrides.end());
    }
    return overrides;
}

std::vector<SweepPoint> grid_points(const std::vector<SweepAxis>& axes) {
    std::vector<SweepPoint> points(grid_size(axes));
    for (std::size_t index = 0; index < points.size(); ++index) {
        SweepPoint& point = points[index];
        point.index = index;
        point.choice.resize(axes.size());
        std::size_t rest = index;
        for (std::size_t a = axes.size(); a-- > 0;) {
            point.choice[a] = rest % axes[a].values.size();
            rest /= axes[a].values.size();
        }
        point.overrides = overrides_of(axes, point.choice);
    }
    return points;
}

bool means_label(std::string_view wanted, std::string_view label) {
    if (wanted == label) {
        return true;
    }
    const std::size_t star = wanted.find('*');
    if (star == std::string_view::npos || label.substr(0, star) != wanted.substr(0, star)) {
        return false;
    }
    const std::string_view rest = wanted.substr(star + 1);
    for (std::size_t skipped = star; skipped <= label.size(); ++skipped) {
        if (means_label(rest, label.substr(skipped))) {
            return true;
        }
    }
    return false;
}

}  // namespace myriad
