// Designs are ordered by the mean over loads of ln(value), in the better direction: the geometric mean of gains, which
// does not depend on the reference. Under one load the value itself decides, so that results of 0 can be ranked.

#include "app/analysis/parts.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace myriad {
namespace {

std::string first_line(const std::string& text) {
    const std::size_t end = text.find('\n');
    return end == std::string::npos ? text : text.substr(0, end);
}

class Ranker {
public:
    Ranker(const Grid& grid, const LoadMetrics& metrics) : grid_(grid) {
        for (const std::vector<std::size_t>& of_load : metrics) {
            // A load at which nothing ran excludes every design; its metric does not matter.
            metrics_.push_back(of_load.empty() ? 0 : of_load.front());
        }
    }

    [[nodiscard]] Ranking rank(std::vector<std::string>& warnings) const {
        Ranking ranking;
        ranking.metrics = metrics_;
        for (std::size_t load = 0; load < grid_.loads(); ++load) {
            ranking.loads.push_back(grid_.load_name(load));
            ranking.labels.push_back(grid_.load_label(load));
        }
        for (const Design& design : grid_.designs()) {
            ranking.designs.push_back(judged(design));
        }
        std::vector<std::size_t> order(ranking.designs.size());
        std::vector<double> keys;
        for (std::size_t i = 0; i < order.size(); ++i) {
            order[i] = i;
            keys.push_back(key_of(ranking.designs[i]));
        }
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            const bool ranked_a = ranking.designs[a].excluded.empty();
            const bool ranked_b = ranking.designs[b].excluded.empty();
            return ranked_a != ranked_b ? ranked_a : ranked_a && keys[a] > keys[b];
        });
        const std::optional<std::size_t> base = baseline(ranking, warnings);
        ranking.against_baseline = base.has_value();
        const bool any = !order.empty() && ranking.designs[order.front()].excluded.empty();
        if (base || any) {
            const RankedDesign reference = ranking.designs[base.value_or(order.front())];
            ranking.reference = reference.name;
            for (RankedDesign& design : ranking.designs) {
                set_gains(design, reference);
            }
        }
        std::vector<RankedDesign> sorted;
        for (const std::size_t i : order) {
            sorted.push_back(std::move(ranking.designs[i]));
        }
        ranking.designs = std::move(sorted);
        return ranking;
    }

private:
    [[nodiscard]] MetricBetter better(std::size_t load) const { return all_metrics()[metrics_[load]].better; }

    [[nodiscard]] RankedDesign judged(const Design& design) const {
        RankedDesign ranked{.choice = design.choice, .name = design.name, .points = design.points};
        for (const std::optional<std::size_t> point : design.points) {
            ranked.tunings.push_back(point ? grid_.tuning(*point) : std::string{});
        }
        for (std::size_t load = 0; load < grid_.loads(); ++load) {
            const std::optional<std::size_t> point = design.points[load];
            ranked.values.push_back(point ? grid_.value(*point, metrics_[load]) : std::nullopt);
        }
        ranked.gains.resize(ranked.values.size());
        ranked.excluded = exclusion(ranked);
        return ranked;
    }

    [[nodiscard]] std::string at_load(std::size_t load) const {
        return grid_.load_name(load).empty() ? std::string{} : " (" + grid_.load_name(load) + ")";
    }

    [[nodiscard]] std::string exclusion(const RankedDesign& design) const {
        const std::vector<SweepPointResult>& points = grid_.outcome().points;
        for (std::size_t load = 0; load < grid_.loads(); ++load) {
            const std::optional<std::size_t> point = design.points[load];
            if (!point) {
                return "not run" + at_load(load);
            }
            if (!points[*point].ran()) {
                return "failed" + at_load(load) + ": " + first_line(points[*point].reason);
            }
            if (!grid_.in_last_stage(*point)) {
                return "left at stage " + grid_.outcome().sweep.stages[points[*point].stage].name;
            }
        }
        for (const SweepConstraint& constraint : grid_.outcome().sweep.constraints) {
            if (std::string broken = broken_by(design, constraint); !broken.empty()) {
                return broken;
            }
        }
        for (std::size_t load = 0; load < grid_.loads(); ++load) {
            const std::string name(all_metrics()[metrics_[load]].name);
            if (!design.values[load]) {
                return "has no " + name + at_load(load);
            }
            if (grid_.loads() > 1 && *design.values[load] <= 0.0) {
                return name + " is 0, which has no ratio" + at_load(load);
            }
        }
        return {};
    }

    // A constraint holds at every load that has its result, and one of them must have it.
    [[nodiscard]] std::string broken_by(const RankedDesign& design, const SweepConstraint& constraint) const {
        const auto metric = find_metric(constraint.metric);
        bool known = false;
        for (std::size_t load = 0; metric && load < grid_.loads(); ++load) {
            const std::optional<double> value = grid_.value(*design.points[load], *metric);
            known = known || value.has_value();
            if (value &&
                ((constraint.least && *value < *constraint.least) || (constraint.most && *value > *constraint.most))) {
                return fmt::format("{} is {}, wanted {}{}", constraint.metric, quantity_text(*metric, *value),
                                   constraint.text, at_load(load));
            }
        }
        return known ? std::string{} : "has no " + constraint.metric + ", wanted " + constraint.text;
    }

    // Larger is better.
    [[nodiscard]] double key_of(const RankedDesign& design) const {
        if (!design.excluded.empty()) {
            return -std::numeric_limits<double>::infinity();
        }
        double sum = 0.0;
        for (std::size_t load = 0; load < grid_.loads(); ++load) {
            const double value = grid_.loads() == 1 ? *design.values[load] : std::log(*design.values[load]);
            sum += better(load) == MetricBetter::lower ? -value : value;
        }
        return sum;
    }

    [[nodiscard]] std::optional<std::size_t> baseline(const Ranking& ranking,
                                                      std::vector<std::string>& warnings) const {
        const auto& choice = grid_.outcome().sweep.baseline;
        if (!choice) {
            return std::nullopt;
        }
        const std::optional<std::size_t> design = grid_.find_design(*choice);
        std::string problem = design ? std::string{} : "is no point of the sweep";
        for (std::size_t load = 0; design && load < grid_.loads() && problem.empty(); ++load) {
            const std::optional<double> value = ranking.designs[*design].values[load];
            if (!value || (grid_.loads() > 1 && *value <= 0.0)) {
                const std::string& why = ranking.designs[*design].excluded;
                problem = why.empty() ? "has no result" + at_load(load) : why;
            }
        }
        if (problem.empty()) {
            return design;
        }
        warnings.push_back("the baseline is no reference, gains are against the best design: " +
                           (design ? grid_.designs()[*design].name + " " : std::string("it ")) + problem);
        return std::nullopt;
    }

    void set_gains(RankedDesign& design, const RankedDesign& reference) const {
        double logs = 0.0;
        bool all = true;
        for (std::size_t load = 0; load < grid_.loads(); ++load) {
            if (design.values[load] && reference.values[load]) {
                design.gains[load] = gain_of(better(load), *design.values[load], *reference.values[load]);
            }
            all = all && design.gains[load].has_value();
            logs += design.gains[load] ? std::log(*design.gains[load]) : 0.0;
        }
        if (all && grid_.loads() > 0) {
            // Of a single load exactly its gain, not what exp(log()) makes of it.
            design.score =
                grid_.loads() == 1 ? design.gains.front() : std::exp(logs / static_cast<double>(grid_.loads()));
        }
    }

    const Grid& grid_;
    std::vector<std::size_t> metrics_;
};

}  // namespace

std::string RankedDesign::title() const {
    const bool same = !tunings.empty() && !tunings.front().empty() &&
                      std::all_of(tunings.begin(), tunings.end(),
                                  [&](const std::string& tuning) { return tuning == tunings.front(); });
    return same ? fmt::format("{}{}({})", name, name.empty() ? "" : " ", tunings.front()) : name;
}

Ranking rank_designs(const Grid& grid, const LoadMetrics& metrics, std::vector<std::string>& warnings) {
    return Ranker(grid, metrics).rank(warnings);
}

}  // namespace myriad
