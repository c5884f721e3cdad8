// What should make one doubt a sweep. Every check is a walk over the lines of points along an axis, or over points.

#include "app/analysis/parts.h"

#include "app/result/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace myriad {
namespace {

constexpr std::size_t kGroupsTold = 6;
constexpr std::size_t kPointsTold = 8;

std::vector<std::size_t> column_metrics(const Sweep& sweep) {
    std::vector<std::size_t> metrics;
    for (const std::string& name : sweep.columns) {
        if (const auto metric = find_metric(name)) {
            metrics.push_back(*metric);
        }
    }
    return metrics;
}

// Whether moving along an axis changes a column.
enum class Effect : std::uint8_t { unseen, none, some };

Effect effect_along(const Grid& grid, const PointLine& line, const std::vector<std::size_t>& metrics) {
    Effect effect = Effect::unseen;
    std::optional<std::size_t> before;
    for (const std::size_t point : line) {
        if (!grid.in_last_stage(point)) {
            continue;
        }
        if (before) {
            const bool ran = grid.outcome().points[point].ran();
            if (grid.outcome().points[*before].ran() != ran) {
                return Effect::some;
            }
            if (ran) {
                effect = Effect::none;
                const bool differs = std::any_of(metrics.begin(), metrics.end(), [&](std::size_t metric) {
                    return grid.value(*before, metric) != grid.value(point, metric);
                });
                if (differs) {
                    return Effect::some;
                }
            }
        }
        before = point;
    }
    return effect;
}

class NoEffect {
public:
    explicit NoEffect(const Grid& grid) : grid_(grid), metrics_(column_metrics(grid.outcome().sweep)) {}

    void tell(std::vector<std::string>& warnings) const {
        const std::vector<SweepAxis>& axes = grid_.outcome().sweep.axes;
        for (std::size_t axis = 0; axis < axes.size(); ++axis) {
            const std::vector<PointLine> lines = grid_.lines(axis);
            std::vector<Effect> effects;
            for (const PointLine& line : lines) {
                effects.push_back(effect_along(grid_, line, metrics_));
            }
            if (largest(lines, effects, {}) == Effect::none) {
                warnings.push_back(fmt::format("axis '{}' had no effect on {} at any point", axes[axis].name,
                                               fmt::join(grid_.outcome().sweep.columns, ", ")));
                continue;
            }
            tell_by_load(axis, lines, effects, warnings);
        }
    }

private:
    using Where = std::optional<std::pair<std::size_t, std::size_t>>;  // axis and value

    [[nodiscard]] Effect largest(const std::vector<PointLine>& lines, const std::vector<Effect>& effects,
                                 const Where& where) const {
        Effect most = Effect::unseen;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const std::vector<std::size_t>& choice = grid_.outcome().points[lines[i].front()].point.choice;
            if (!where || choice[where->first] == where->second) {
                most = std::max(most, effects[i]);
            }
        }
        return most;
    }

    void tell_by_load(std::size_t axis, const std::vector<PointLine>& lines, const std::vector<Effect>& effects,
                      std::vector<std::string>& warnings) const {
        const std::vector<SweepAxis>& axes = grid_.outcome().sweep.axes;
        for (const std::size_t load : grid_.load_axes()) {
            std::vector<std::string> labels;
            for (std::size_t v = 0; load != axis && axes[load].values.size() > 1 && v < axes[load].values.size(); ++v) {
                if (largest(lines, effects, std::pair{load, v}) == Effect::none) {
                    labels.push_back(axes[load].values[v].label);
                }
            }
            if (!labels.empty()) {
                warnings.push_back(fmt::format("axis '{}' had no effect where {} is {}", axes[axis].name,
                                               axes[load].name, fmt::join(labels, ", ")));
            }
        }
    }

    const Grid& grid_;
    std::vector<std::size_t> metrics_;
};

// "3 = 7 = 11"
std::string group_text(const std::vector<std::size_t>& points) {
    std::string text;
    for (std::size_t i = 0; i < std::min(points.size(), kPointsTold); ++i) {
        text += (i == 0 ? "" : " = ") + std::to_string(points[i]);
    }
    return points.size() > kPointsTold ? text + fmt::format(" = {} more", points.size() - kPointsTold) : text;
}

void tell_twins(const SweepOutcome& outcome, std::vector<std::string>& warnings) {
    std::map<std::string, std::vector<std::size_t>> by_key;
    for (const SweepPointResult& point : outcome.points) {
        if (!point.key.empty()) {
            by_key[point.key].push_back(point.point.index);
        }
    }
    std::vector<std::vector<std::size_t>> groups;
    for (auto& [key, points] : by_key) {
        if (points.size() > 1) {
            std::sort(points.begin(), points.end());
            groups.push_back(points);
        }
    }
    std::sort(groups.begin(), groups.end());
    if (groups.size() == 1 && groups[0].size() == 2) {
        warnings.push_back(fmt::format("points {} and {} are the same system", groups[0][0], groups[0][1]));
    } else if (groups.size() == 1) {
        warnings.push_back(fmt::format("{} points are the same system: {}", groups[0].size(), group_text(groups[0])));
    } else if (!groups.empty()) {
        std::string text = fmt::format("{} groups of points are the same system:", groups.size());
        for (std::size_t g = 0; g < std::min(groups.size(), kGroupsTold); ++g) {
            text += (g == 0 ? " " : "; ") + group_text(groups[g]);
        }
        if (groups.size() > kGroupsTold) {
            text += fmt::format("; and {} more", groups.size() - kGroupsTold);
        }
        warnings.push_back(text);
    }
}

void tell_empty_columns(const SweepOutcome& outcome, std::vector<std::string>& warnings) {
    if (outcome.failures() == outcome.points.size()) {
        return;
    }
    for (const std::string& name : outcome.sweep.columns) {
        const auto metric = find_metric(name);
        const bool any = metric && std::any_of(outcome.points.begin(), outcome.points.end(), [&](const auto& point) {
                             return point.ran() && point.values[*metric].has_value();
                         });
        if (!any) {
            warnings.push_back(fmt::format("column '{}' has no value at any point", name));
        }
    }
}

// Values, and pairs of values, at which every point failed though others ran.
class AllFailed {
public:
    explicit AllFailed(const SweepOutcome& outcome) : outcome_(outcome) {}

    void tell(std::vector<std::string>& warnings) {
        const std::size_t axes = outcome_.sweep.axes.size();
        if (outcome_.failures() == outcome_.points.size()) {
            return;
        }
        for (std::size_t a = 0; a < axes; ++a) {
            for (const auto& [values, count] : count(a, a)) {
                if (count.ran == 0) {
                    single_.insert({a, values.first});
                    warnings.push_back(fmt::format("every point with {} failed", is(a, values.first)));
                }
            }
        }
        for (std::size_t a = 0; a < axes; ++a) {
            for (std::size_t b = a + 1; b < axes; ++b) {
                for (const auto& [values, count] : count(a, b)) {
                    const bool told = single_.contains({a, values.first}) || single_.contains({b, values.second});
                    if (count.ran == 0 && count.all > 1 && !told) {
                        warnings.push_back(fmt::format("every point with {} and {} failed", is(a, values.first),
                                                       is(b, values.second)));
                    }
                }
            }
        }
    }

private:
    struct Count {
        std::size_t ran = 0;
        std::size_t all = 0;
    };
    [[nodiscard]] std::map<std::pair<std::size_t, std::size_t>, Count> count(std::size_t a, std::size_t b) const {
        std::map<std::pair<std::size_t, std::size_t>, Count> counts;
        for (const SweepPointResult& point : outcome_.points) {
            Count& count = counts[{point.point.choice[a], point.point.choice[b]}];
            ++count.all;
            count.ran += point.ran() ? 1U : 0U;
        }
        return counts;
    }
    [[nodiscard]] std::string is(std::size_t axis, std::size_t value) const {
        return outcome_.sweep.axes[axis].name + " = " + outcome_.sweep.axes[axis].values[value].label;
    }

    const SweepOutcome& outcome_;
    std::set<std::pair<std::size_t, std::size_t>> single_;
};

}  // namespace

std::vector<std::string> doubts_about(const Grid& grid) {
    std::vector<std::string> warnings = grid.outcome().sweep.notes;
    NoEffect(grid).tell(warnings);
    tell_twins(grid.outcome(), warnings);
    tell_empty_columns(grid.outcome(), warnings);
    AllFailed(grid.outcome()).tell(warnings);
    return warnings;
}

std::vector<std::string> edges_of(const Grid& grid, const Ranking& ranking) {
    std::vector<std::string> warnings;
    if (ranking.designs.empty() || !ranking.designs.front().excluded.empty()) {
        return warnings;
    }
    const RankedDesign& best = ranking.designs.front();
    std::map<std::vector<std::size_t>, double> score_of;
    for (const RankedDesign& design : ranking.designs) {
        if (design.excluded.empty() && design.score) {
            score_of.emplace(design.choice, *design.score);
        }
    }
    constexpr double kMatters = 1.01;  // the last step of the axis gains more than 1 %
    for (const std::size_t axis : grid.design_axes()) {
        const SweepAxis& of = grid.outcome().sweep.axes[axis];
        std::vector<std::pair<double, std::size_t>> numbers;  // and the value that it is
        for (std::size_t v = 0; v < of.values.size(); ++v) {
            if (of.values[v].number) {
                numbers.emplace_back(*of.values[v].number, v);
            }
        }
        std::sort(numbers.begin(), numbers.end());
        if (numbers.size() < 2 || numbers.size() != of.values.size()) {
            continue;
        }
        const bool largest = best.choice[axis] == numbers.back().second;
        if (!largest && best.choice[axis] != numbers.front().second) {
            continue;
        }
        std::vector<std::size_t> beside = best.choice;
        beside[axis] = largest ? numbers[numbers.size() - 2].second : numbers[1].second;
        const auto score = score_of.find(beside);
        if (best.score && score != score_of.end() && *best.score > kMatters * score->second) {
            warnings.push_back(fmt::format("the best lies at the {} {}, {}: the range may be too small",
                                           largest ? "largest" : "smallest", of.name,
                                           of.values[best.choice[axis]].label));
        }
    }
    return warnings;
}

}  // namespace myriad
