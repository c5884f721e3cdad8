// Sorted by x, best first, a point is on the front if its y is better than that of all before it; points that are equal
// in both stand or fall together.

#include "app/analysis/parts.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>

namespace myriad {
namespace {

// What an architect pays for a design, dearest first.
constexpr std::string_view kPrices[] = {"rent", "power", "cards"};

struct Candidate {
    double x;
    double y;
    std::size_t point;
    RankedDesign* design;
};

std::vector<Candidate> candidates(const Grid& grid, Ranking& ranking, std::size_t load, std::size_t x, std::size_t y) {
    std::vector<Candidate> found;
    for (RankedDesign& design : ranking.designs) {
        if (!design.excluded.empty()) {
            continue;
        }
        const std::size_t point = *design.points[load];
        const std::optional<double> of_x = grid.value(point, x);
        const std::optional<double> of_y = grid.value(point, y);
        if (of_x && of_y) {
            found.push_back({*of_x, *of_y, point, &design});
        }
    }
    return found;
}

// The price to put against the only objective: the first that is not the same for all designs.
std::optional<std::size_t> price_of(const Grid& grid, Ranking& ranking, std::size_t load, std::size_t x) {
    for (const std::string_view name : kPrices) {
        const std::optional<std::size_t> metric = find_metric(name);
        if (!metric || *metric == x) {
            continue;
        }
        std::set<double> values;
        for (const Candidate& candidate : candidates(grid, ranking, load, x, *metric)) {
            values.insert(candidate.y);
        }
        if (values.size() > 1) {
            return metric;
        }
    }
    return std::nullopt;
}

ParetoFront front_of(const Grid& grid, Ranking& ranking, std::size_t load, std::size_t x, std::size_t y) {
    ParetoFront front{.load = grid.load_name(load), .x = x, .y = y, .points = {}};
    const MetricBetter better_x = all_metrics()[x].better;
    // A price has no direction of its own where it is no aim: less is better.
    const MetricBetter stated_y = all_metrics()[y].better;
    const MetricBetter better_y = stated_y == MetricBetter::neither ? MetricBetter::lower : stated_y;
    std::vector<Candidate> sorted = candidates(grid, ranking, load, x, y);
    std::sort(sorted.begin(), sorted.end(), [&](const Candidate& a, const Candidate& b) {
        if (a.x != b.x) {
            return is_better(better_x, a.x, b.x);
        }
        return a.y != b.y ? is_better(better_y, a.y, b.y) : a.point < b.point;
    });
    const Candidate* last = nullptr;
    for (const Candidate& candidate : sorted) {
        const bool equal = last != nullptr && candidate.x == last->x && candidate.y == last->y;
        if (last == nullptr || equal || is_better(better_y, candidate.y, last->y)) {
            front.points.push_back(candidate.point);
            candidate.design->on_front = true;
            last = &candidate;
        }
    }
    return front;
}

}  // namespace

std::vector<ParetoFront> pareto_fronts(const Grid& grid, const Judgement& judgement, const LoadMetrics& metrics,
                                       Ranking& ranking) {
    std::vector<ParetoFront> fronts;
    for (std::size_t load = 0; load < grid.loads(); ++load) {
        if (metrics[load].empty()) {
            continue;
        }
        const std::size_t x = metrics[load].front();
        const bool two = judgement.stated && metrics[load].size() > 1;
        const std::optional<std::size_t> y = two ? std::optional(metrics[load][1]) : price_of(grid, ranking, load, x);
        if (!y) {
            continue;
        }
        ParetoFront front = front_of(grid, ranking, load, x, *y);
        if (!front.points.empty()) {
            fronts.push_back(std::move(front));
        }
    }
    return fronts;
}

}  // namespace myriad
