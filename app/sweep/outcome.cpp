// Counting over the points of a sweep.

#include "app/sweep/outcome.h"

#include "app/scenario/metric.h"
#include "app/sweep/columns.h"

#include <algorithm>

namespace myriad {

std::size_t SweepOutcome::failures() const {
    return static_cast<std::size_t>(
        std::count_if(points.begin(), points.end(), [](const SweepPointResult& point) { return !point.ran(); }));
}

std::vector<std::size_t> used_metrics(const SweepOutcome& outcome) {
    std::vector<std::size_t> used;
    for (std::size_t m = 0; m < all_metrics().size(); ++m) {
        if (std::any_of(outcome.points.begin(), outcome.points.end(),
                        [&](const SweepPointResult& point) { return point.ran() && point.values[m].has_value(); })) {
            used.push_back(m);
        }
    }
    return used;
}

std::string_view status_of(const SweepPointResult& point) { return point.ran() ? "ok" : name_of(point.outcome); }

}  // namespace myriad
