// Gains are compared as logarithms, whose mean is that of the geometric mean.

#include "app/sweep/halving.h"

#include "app/scenario/metric.h"
#include "sim/error/error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

namespace myriad {
namespace {

using Labels = std::vector<std::size_t>;  // of a choice, of axes of one role

Labels of_role(const Sweep& sweep, const SweepPoint& point, AxisRole role) {
    Labels labels;
    for (std::size_t a = 0; a < sweep.axes.size(); ++a) {
        if (sweep.axes[a].role == role) {
            labels.push_back(point.choice[a]);
        }
    }
    return labels;
}

bool keeps_constraints(const Sweep& sweep, const SweepPointResult& result) {
    return std::all_of(sweep.constraints.begin(), sweep.constraints.end(), [&](const SweepConstraint& constraint) {
        const std::optional<double> value = result.values[find_metric(constraint.metric).value()];
        return !value ||
               (!(constraint.least && *value < *constraint.least) && !(constraint.most && *value > *constraint.most));
    });
}

// How good a value is, as a logarithm: larger is better. A time of 0 is better than any other, but no infinity.
double goodness(const Metric& metric, double value) {
    const double logarithm = std::log(std::max(value, std::numeric_limits<double>::min()));
    return metric.better == MetricBetter::lower ? -logarithm : logarithm;
}

struct Design {
    std::vector<std::size_t> points;
    bool is_baseline = false;
    bool is_out = false;
    double gain = 0.0;  // sum of logarithms, then their mean
};

// By load, the first objective that one of its points has.
std::map<Labels, std::size_t> metrics_of_loads(const Sweep& sweep, const std::vector<SweepPointResult>& results,
                                               std::size_t stage) {
    std::map<Labels, std::size_t> order;  // index of the objective
    for (const SweepPointResult& result : results) {
        if (result.stage != stage || !result.ran()) {
            continue;
        }
        for (std::size_t o = 0; o < sweep.objectives.size(); ++o) {
            if (result.values[find_metric(sweep.objectives[o].metric).value()]) {
                const auto [at, is_new] = order.emplace(of_role(sweep, result.point, AxisRole::load), o);
                at->second = std::min(at->second, o);
                break;
            }
        }
    }
    for (auto& [load, objective] : order) {
        objective = find_metric(sweep.objectives[objective].metric).value();
    }
    return order;
}

std::map<Labels, Design> designs_of(const Sweep& sweep, const std::vector<SweepPointResult>& results,
                                    std::size_t stage) {
    Labels baseline;
    if (sweep.baseline) {
        baseline = of_role(sweep, SweepPoint{.index = 0, .choice = *sweep.baseline, .overrides = {}}, AxisRole::design);
    }
    std::map<Labels, Design> designs;
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (results[i].stage == stage) {
            const Labels labels = of_role(sweep, sweep.points[i], AxisRole::design);
            Design& design = designs[labels];
            design.points.push_back(i);
            design.is_baseline = sweep.baseline.has_value() && labels == baseline;
        }
    }
    return designs;
}

void judge(const Sweep& sweep, const std::vector<SweepPointResult>& results, std::size_t stage,
           std::map<Labels, Design>& designs) {
    const std::map<Labels, std::size_t> metrics = metrics_of_loads(sweep, results, stage);
    const auto value_of = [&](std::size_t point) -> std::optional<double> {
        const auto metric = metrics.find(of_role(sweep, sweep.points[point], AxisRole::load));
        if (metric == metrics.end() || !results[point].ran() || !results[point].values[metric->second]) {
            return std::nullopt;
        }
        return goodness(all_metrics()[metric->second], *results[point].values[metric->second]);
    };
    // By design and load: the best tuning that ran and keeps the constraints.
    std::map<const Design*, std::map<Labels, std::optional<double>>> tuned;
    std::map<Labels, double> best;  // of all designs, constraints or not
    for (const auto& [labels, design] : designs) {
        for (const std::size_t point : design.points) {
            const Labels load = of_role(sweep, sweep.points[point], AxisRole::load);
            std::optional<double>& of_load = tuned[&design][load];
            const auto value = value_of(point);
            if (value && keeps_constraints(sweep, results[point])) {
                of_load = std::max(of_load.value_or(*value), *value);
            }
            if (value) {
                const auto [at, is_new] = best.emplace(load, *value);
                at->second = std::max(at->second, *value);
            }
        }
    }
    for (auto& [labels, design] : designs) {
        for (const auto& [load, value] : tuned.at(&design)) {
            design.is_out = design.is_out || !value;
            design.gain += value ? *value - best.at(load) : 0.0;
        }
        design.gain /= static_cast<double>(tuned.at(&design).size());
    }
}

}  // namespace

std::vector<std::size_t> survivors(const Sweep& sweep, std::size_t stage,
                                   const std::vector<SweepPointResult>& results) {
    MYRIAD_CHECK(stage < sweep.stages.size() && results.size() == sweep.points.size(), "a stage of another sweep");
    std::map<Labels, Design> designs = designs_of(sweep, results, stage);
    judge(sweep, results, stage, designs);
    std::vector<const Design*> ranked;
    for (const auto& [labels, design] : designs) {
        if (!design.is_out) {
            ranked.push_back(&design);
        }
    }
    std::sort(ranked.begin(), ranked.end(), [](const Design* a, const Design* b) {
        return a->gain != b->gain ? a->gain > b->gain : a->points.front() < b->points.front();
    });
    const SweepStage& rule = sweep.stages[stage];
    constexpr double kSlack = 1e-9;  // 30 % of 10 is 3
    const std::size_t kept = rule.keep_count != 0
                                 ? rule.keep_count
                                 : static_cast<std::size_t>(std::max(
                                       1.0, std::ceil(rule.keep * static_cast<double>(designs.size()) - kSlack)));
    std::vector<std::size_t> alive;
    for (std::size_t i = 0; i < std::min(kept, ranked.size()); ++i) {
        alive.insert(alive.end(), ranked[i]->points.begin(), ranked[i]->points.end());
    }
    for (const auto& [labels, design] : designs) {
        const bool is_in = std::find(alive.begin(), alive.end(), design.points.front()) != alive.end();
        if (design.is_baseline && !is_in) {
            alive.insert(alive.end(), design.points.begin(), design.points.end());
        }
    }
    std::sort(alive.begin(), alive.end());
    return alive;
}

}  // namespace myriad
