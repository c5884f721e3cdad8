// The best points by the first objective go on; equal ones by number, so that the choice is the same every time.

#include "app/sweep/halving.h"

#include "app/scenario/metric.h"

#include <algorithm>
#include <cmath>

namespace myriad {

std::vector<std::size_t> survivors(const Sweep& sweep, std::size_t stage,
                                   const std::vector<SweepPointResult>& results) {
    const std::string name = !sweep.objectives.empty() ? sweep.objectives.front().metric
                             : !sweep.columns.empty()  ? sweep.columns.front()
                                                       : std::string{};
    const std::optional<std::size_t> metric = find_metric(name);
    std::vector<std::size_t> in;
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (results[i].stage == stage && results[i].ran() && metric && results[i].values[*metric]) {
            in.push_back(i);
        }
    }
    if (!metric) {
        return in;
    }
    const bool higher = all_metrics()[*metric].better == MetricBetter::higher;
    std::stable_sort(in.begin(), in.end(), [&](std::size_t a, std::size_t b) {
        const double x = *results[a].values[*metric];
        const double y = *results[b].values[*metric];
        return higher ? x > y : x < y;
    });
    const auto kept = static_cast<std::size_t>(std::ceil(sweep.stages[stage].keep * static_cast<double>(in.size())));
    in.resize(std::min(in.size(), kept));
    std::sort(in.begin(), in.end());
    return in;
}

}  // namespace myriad
