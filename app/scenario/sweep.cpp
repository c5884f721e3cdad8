// Points are numbered like digits of a number whose base changes from axis to axis: nothing is stored per point, so a
// sweep of a million points costs what its axes cost.

#include "app/scenario/sweep.h"

#include "sim/error/error.h"

namespace myriad {

std::size_t Sweep::points() const {
    std::size_t count = 1;
    for (const SweepAxis& axis : axes) {
        count *= axis.values.size();
    }
    return count;
}

SweepPoint point_of(const Sweep& sweep, std::size_t index) {
    MYRIAD_CHECK(index < sweep.points(), "point " + std::to_string(index) + " of " + std::to_string(sweep.points()));
    SweepPoint point{.index = index, .choice = std::vector<std::size_t>(sweep.axes.size()), .overrides = {}};
    std::size_t rest = index;
    for (std::size_t a = sweep.axes.size(); a-- > 0;) {
        point.choice[a] = rest % sweep.axes[a].values.size();
        rest /= sweep.axes[a].values.size();
    }
    for (std::size_t a = 0; a < sweep.axes.size(); ++a) {
        const AxisValue& value = sweep.axes[a].values[point.choice[a]];
        point.overrides.insert(point.overrides.end(), value.overrides.begin(), value.overrides.end());
    }
    return point;
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
