// Main effects on ln(value). Where combinations of the other axes have a result at every value of an axis, these are
// compared, each with its own mean: what else varies cancels out. Where they hold less than half of the points (a sample
// of a large grid, many failures), an additive model mean + sum of one effect an axis is fitted to all points by least
// squares, axis by axis until nothing moves (backfitting), and said so. A value at which no point ran is left out.

#include "app/analysis/parts.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace myriad {
namespace {

struct Observation {
    std::size_t point;
    double log;
};

double mean_of(const std::vector<Observation>& observations) {
    double sum = 0.0;
    for (const Observation& observation : observations) {
        sum += observation.log;
    }
    return observations.empty() ? 0.0 : sum / static_cast<double>(observations.size());
}

double squares_of(const std::vector<Observation>& observations) {
    const double mean = mean_of(observations);
    double squares = 0.0;
    for (const Observation& observation : observations) {
        squares += (observation.log - mean) * (observation.log - mean);
    }
    return squares;
}

using Levels = std::vector<std::optional<double>>;  // logarithms, by value of the axis

// The levels around their mean, as factors.
void finish(AxisEffect& effect, const Levels& logs) {
    double sum = 0.0;
    double count = 0.0;
    double least = 0.0;
    double most = 0.0;
    for (const std::optional<double> log : logs) {
        if (log) {
            least = count == 0.0 ? *log : std::min(least, *log);
            most = count == 0.0 ? *log : std::max(most, *log);
            sum += *log;
            count += 1.0;
        }
    }
    for (const std::optional<double> log : logs) {
        effect.levels.push_back(log ? std::optional(std::exp(*log - sum / count)) : std::nullopt);
    }
    effect.spread = std::exp(most - least);
}

// Of one metric under one load.
class Effects {
public:
    Effects(const Grid& grid, std::size_t load, std::size_t metric) : grid_(grid), load_(load), metric_(metric) {
        for (std::size_t p = 0; p < grid.outcome().points.size(); ++p) {
            if (const std::optional<double> log = log_of(p)) {
                all_.push_back({p, *log});
            }
        }
        // Least squares may not depend on the order of points by more than rounding; sums in one order not at all.
        std::sort(all_.begin(), all_.end(),
                  [&](const Observation& a, const Observation& b) { return choice(a.point) < choice(b.point); });
    }

    // `lines` along the axis; nothing to compare: no effect.
    [[nodiscard]] std::optional<AxisEffect> of(std::size_t axis, const std::vector<PointLine>& lines) {
        AxisEffect effect{.axis = axis, .load = grid_.load_name(load_), .metric = metric_};
        const std::size_t values = grid_.outcome().sweep.axes[axis].values.size();
        std::vector<bool> ran(values);
        for (const Observation& observation : all_) {
            ran[choice(observation.point)[axis]] = true;
        }
        const auto wanted = static_cast<std::size_t>(std::count(ran.begin(), ran.end(), true));
        if (wanted < 2) {
            return std::nullopt;
        }
        AxisEffect compared = effect;
        const bool comparable = compare(compared, lines, ran, wanted);
        const bool most = comparable && 2 * compared.combinations * wanted >= all_.size();
        if (!most && fit(effect, ran)) {
            return effect;
        }
        return most || compared.combinations > 1 ? std::optional(compared) : std::nullopt;
    }

private:
    [[nodiscard]] const std::vector<std::size_t>& choice(std::size_t point) const {
        return grid_.outcome().points[point].point.choice;
    }

    [[nodiscard]] std::optional<double> log_of(std::size_t point) const {
        const std::optional<double> value =
            grid_.load_of(point) == load_ && grid_.is_tuned(point) ? grid_.value(point, metric_) : std::nullopt;
        return value && *value > 0.0 ? std::optional(std::log(*value)) : std::nullopt;
    }

    bool compare(AxisEffect& effect, const std::vector<PointLine>& lines, const std::vector<bool>& ran,
                 std::size_t wanted) const {
        std::vector<double> sums(ran.size());
        std::vector<Observation> used;
        for (const PointLine& line : lines) {
            std::vector<Observation> observed;
            for (const std::size_t point : line) {
                if (const std::optional<double> log = log_of(point)) {
                    observed.push_back({point, *log});
                }
            }
            if (observed.size() != wanted) {
                continue;
            }
            const double mean = mean_of(observed);
            for (const Observation& observation : observed) {
                sums[choice(observation.point)[effect.axis]] += observation.log - mean;
            }
            ++effect.combinations;
            used.insert(used.end(), observed.begin(), observed.end());
        }
        if (effect.combinations == 0) {
            return false;
        }
        Levels logs(ran.size());
        double explained = 0.0;
        for (std::size_t v = 0; v < ran.size(); ++v) {
            if (ran[v]) {
                logs[v] = sums[v] / static_cast<double>(effect.combinations);
                explained += sums[v] * *logs[v];  // combinations x log squared
            }
        }
        finish(effect, logs);
        set_share(effect, explained, squares_of(used), used.size());
        return true;
    }

    bool fit(AxisEffect& effect, const std::vector<bool>& ran) {
        if (!fitted_) {
            fit_all();
        }
        if (!identified_) {
            return false;
        }
        effect.fitted = true;
        Levels logs(ran.size());
        for (std::size_t v = 0; v < ran.size(); ++v) {
            logs[v] = ran[v] ? std::optional(model_[effect.axis][v]) : std::nullopt;
        }
        std::vector<Observation> main;
        for (const Observation& observation : all_) {
            main.push_back({observation.point, model_[effect.axis][choice(observation.point)[effect.axis]]});
        }
        finish(effect, logs);
        set_share(effect, squares_of(main), squares_of(all_), all_.size());
        return true;
    }

    // Half as many points again as figures to find, or the fit says more of chance than of the axes.
    void fit_all() {
        fitted_ = true;
        const std::vector<SweepAxis>& axes = grid_.outcome().sweep.axes;
        std::size_t figures = 1;
        for (const std::size_t axis : grid_.design_axes()) {
            std::set<std::size_t> ran;
            for (const Observation& observation : all_) {
                ran.insert(choice(observation.point)[axis]);
            }
            figures += ran.empty() ? 0 : ran.size() - 1;
        }
        identified_ = 2 * all_.size() >= 3 * figures;
        if (!identified_) {
            return;
        }
        const double mean = mean_of(all_);
        std::vector<double> rest;
        for (const Observation& observation : all_) {
            rest.push_back(observation.log - mean);
        }
        for (const SweepAxis& axis : axes) {
            model_.emplace_back(axis.values.size());
        }
        constexpr int kRounds = 200;
        for (int round = 0; round < kRounds; ++round) {
            double moved = 0.0;
            for (const std::size_t axis : grid_.design_axes()) {
                moved = std::max(moved, refit(axis, rest));
            }
            if (moved < 1e-13) {
                break;
            }
        }
    }

    // Moves the effect of an axis to the mean of what the others leave; returns the largest move.
    double refit(std::size_t axis, std::vector<double>& rest) {
        std::vector<double> sums(model_[axis].size());
        std::vector<double> counts(model_[axis].size());
        for (std::size_t i = 0; i < all_.size(); ++i) {
            const std::size_t v = choice(all_[i].point)[axis];
            sums[v] += rest[i];
            counts[v] += 1.0;
        }
        double moved = 0.0;
        for (std::size_t v = 0; v < sums.size(); ++v) {
            const double move = counts[v] > 0.0 ? sums[v] / counts[v] : 0.0;
            model_[axis][v] += move;
            moved = std::max(moved, std::abs(move));
            sums[v] = move;
        }
        for (std::size_t i = 0; i < all_.size(); ++i) {
            rest[i] -= sums[choice(all_[i].point)[axis]];
        }
        return moved;
    }

    // Variation within rounding of a value is none.
    static void set_share(AxisEffect& effect, double explained, double all, std::size_t count) {
        const bool varies = all > static_cast<double>(count) * kSameRatio * kSameRatio;
        effect.share = varies ? std::min(explained / all, 1.0) : 0.0;
    }

    const Grid& grid_;
    std::size_t load_;
    std::size_t metric_;
    std::vector<Observation> all_;
    std::vector<std::vector<double>> model_;  // by axis and value: logarithms
    bool fitted_ = false;
    bool identified_ = false;
};

}  // namespace

std::vector<AxisEffect> axis_effects(const Grid& grid, const Judgement& judgement, const LoadMetrics& metrics) {
    std::vector<std::vector<PointLine>> lines;
    for (const std::size_t axis : grid.design_axes()) {
        lines.push_back(grid.tuned_lines(axis));
    }
    std::vector<AxisEffect> effects;
    for (std::size_t load = 0; load < grid.loads(); ++load) {
        for (std::size_t m = 0; m < metrics[load].size() && (m == 0 || judgement.stated); ++m) {
            Effects of_metric(grid, load, metrics[load][m]);
            const auto first = static_cast<std::ptrdiff_t>(effects.size());
            for (std::size_t a = 0; a < lines.size(); ++a) {
                if (std::optional<AxisEffect> effect = of_metric.of(grid.design_axes()[a], lines[a])) {
                    effects.push_back(std::move(*effect));
                }
            }
            std::stable_sort(effects.begin() + first, effects.end(),
                             [](const AxisEffect& a, const AxisEffect& b) { return a.share > b.share; });
        }
    }
    return effects;
}

}  // namespace myriad
