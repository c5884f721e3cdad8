// A curve is read as goodness over the axis: the value where higher is better, its inverse where lower is. Between two
// values that ran it is a straight line in ln-ln, so a doubling can be told anywhere: from x it gains
//     p(2x) / p(x),    or near the end (p(end) / p(x)) ^ (ln 2 / ln(end / x)).
// The knee is the least value that ran from which on no doubling gains as much as 10 %, to the end of the axis. So a dip
// in the middle is no knee if the curve recovers after it; a flat or falling curve has its knee at its smallest value; a
// curve that still grows at its end has none. Two values give one doubling and no more.

#include "app/analysis/parts.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace myriad {
namespace {

constexpr double kWorthwhile = 1.10;  // what a doubling must gain to be followed
constexpr double kFlat = 1.01;        // a curve that varies less is flat

struct Sample {
    double x;
    double p;  // goodness
    std::size_t point;
};
using Curve = std::vector<Sample>;  // by x, each once

// Between neighbours in ln-ln.
double goodness_at(const Curve& curve, double x) {
    const auto after =
        std::lower_bound(curve.begin(), curve.end(), x, [](const Sample& sample, double at) { return sample.x < at; });
    if (after == curve.end()) {
        return curve.back().p;
    }
    if (after == curve.begin() || after->x == x) {
        return after->p;
    }
    const Sample& before = *(after - 1);
    const double part = std::log(x / before.x) / std::log(after->x / before.x);
    return before.p * std::exp(part * std::log(after->p / before.p));
}

double doubling_from(const Curve& curve, const Sample& from) {
    const double end = std::min(2.0 * from.x, curve.back().x);
    const double gain = goodness_at(curve, end) / from.p;
    // 2x exactly where the axis reaches it, so that a gain of exactly 10 % is not lost to rounding.
    return end == 2.0 * from.x ? gain : std::pow(gain, std::log(2.0) / std::log(end / from.x));
}

// The last one that the axis has room for.
double last_doubling_of(const Curve& curve) {
    const double half = curve.back().x / 2.0;
    const auto from = std::find_if(curve.begin(), curve.end(), [&](const Sample& s) { return s.x >= half; });
    if (half >= curve.front().x && from->x != half) {
        return curve.back().p / goodness_at(curve, half);
    }
    return doubling_from(curve, half < curve.front().x ? curve.front() : *from);
}

// "4 %", "0.3 %", "-2 %"
std::string gain_text(double gain) {
    const double percent = (gain - 1.0) * 100.0;
    const double size = std::abs(percent);
    if (size < 0.05) {
        return "nothing";
    }
    return fmt::format("{:.{}f} %", percent, size < 9.95 ? 1 : 0);
}

std::string share_text(double share) {
    return fmt::format("{:.{}f} %", share * 100.0, share < 0.995 || share == 1.0 ? 0 : 1);
}

class KneeFinder {
public:
    KneeFinder(const Grid& grid, std::size_t axis, std::size_t metric)
        : grid_(grid), axis_(grid.outcome().sweep.axes[axis]), index_(axis), metric_(metric) {}

    [[nodiscard]] std::optional<Knee> of(const PointLine& line) const {
        const Curve curve = curve_of(line);
        if (curve.size() < 2) {
            return std::nullopt;
        }
        Knee knee{.axis = index_, .combination = grid_.labels(line.front(), index_), .metric = metric_};
        for (const Sample& sample : curve) {
            knee.points.push_back(sample.point);
        }
        knee.last_doubling = last_doubling_of(curve);
        std::size_t at = curve.size() - 1;
        while (at > 0 && doubling_from(curve, curve[at - 1]) < kWorthwhile) {
            --at;
        }
        const double best =
            std::max_element(curve.begin(), curve.end(), [](const Sample& a, const Sample& b) { return a.p < b.p; })->p;
        if (at + 1 < curve.size()) {
            knee.at = curve[at].x;
            knee.share_there = curve[at].p / best;
        } else {
            knee.share_there = curve.back().p / best;
        }
        const double worst =
            std::min_element(curve.begin(), curve.end(), [](const Sample& a, const Sample& b) { return a.p < b.p; })->p;
        knee.shape = best < worst * (1.0 + kSameRatio) ? Knee::Shape::constant
                     : !knee.at                        ? Knee::Shape::grows
                     : at == 0                         ? Knee::Shape::hardly
                                                       : Knee::Shape::stops;
        knee.sentence = sentence(curve, at, best, knee);
        return knee;
    }

private:
    [[nodiscard]] Curve curve_of(const PointLine& line) const {
        const bool inverse = all_metrics()[metric_].better == MetricBetter::lower;
        Curve curve;
        for (const std::size_t point : line) {
            const std::optional<double> x = axis_.values[choice(point)].number;
            const std::optional<double> value = grid_.value(point, metric_);
            if (x && *x > 0.0 && value && *value > 0.0) {
                curve.push_back({*x, inverse ? 1.0 / *value : *value, point});
            }
        }
        std::stable_sort(curve.begin(), curve.end(), [](const Sample& a, const Sample& b) { return a.x < b.x; });
        curve.erase(
            std::unique(curve.begin(), curve.end(), [](const Sample& a, const Sample& b) { return a.x == b.x; }),
            curve.end());
        return curve;
    }

    [[nodiscard]] std::size_t choice(std::size_t point) const {
        return grid_.outcome().points[point].point.choice[index_];
    }
    [[nodiscard]] const std::string& label(const Sample& sample) const {
        return axis_.values[choice(sample.point)].label;
    }

    [[nodiscard]] std::string sentence(const Curve& curve, std::size_t at, double best, const Knee& knee) const {
        const std::string metric(all_metrics()[metric_].name);
        const std::string of = (knee.combination.empty() ? "" : knee.combination + ": ") + metric;
        const std::string range = fmt::format("from {} to {}", label(curve.front()), label(curve.back()));
        const double worst =
            std::min_element(curve.begin(), curve.end(), [](const Sample& a, const Sample& b) { return a.p < b.p; })->p;
        if (knee.shape == Knee::Shape::constant) {
            return fmt::format("{} does not depend on {} {}", of, axis_.name, range);
        }
        if (!knee.at) {
            const std::string dip = knee.share_there < 1.0 / kFlat
                                        ? fmt::format("; the end has {} of the best", share_text(knee.share_there))
                                        : "";
            return fmt::format("{} still follows {} at {}: the last doubling gains {}{}", of, axis_.name,
                               label(curve.back()), gain_text(knee.last_doubling), dip);
        }
        const double over_all = curve.back().p / curve.front().p;
        if (at == 0) {
            if (best < worst * kFlat) {
                return fmt::format("{} hardly depends on {}: {} it varies by {}", of, axis_.name, range,
                                   gain_text(best / worst));
            }
            return over_all < 1.0 && curve.front().p == best
                       ? fmt::format("{} gets worse with {}: {} is best, {} has {} of it", of, axis_.name,
                                     label(curve.front()), label(curve.back()), share_text(over_all))
                       : fmt::format("{} hardly follows {}: no doubling {} gains 10 %, all of them {}", of, axis_.name,
                                     range, gain_text(over_all));
        }
        return fmt::format("{} stops following {} at {}: from there a doubling gains {}, and {} of the best is reached",
                           of, axis_.name, label(curve[at]), gain_text(doubling_from(curve, curve[at])),
                           share_text(knee.share_there));
    }

    const Grid& grid_;
    const SweepAxis& axis_;
    std::size_t index_;
    std::size_t metric_;
};

}  // namespace

std::vector<Knee> knees_of(const Grid& grid, const LoadMetrics& metrics) {
    std::vector<Knee> knees;
    for (const std::size_t axis : grid.design_axes()) {
        const std::vector<AxisValue>& values = grid.outcome().sweep.axes[axis].values;
        const auto numbers = std::count_if(values.begin(), values.end(), is_quantity);
        if (numbers < 2) {
            continue;
        }
        for (const PointLine& line : grid.tuned_lines(axis)) {
            const std::vector<std::size_t>& of_load = metrics[grid.load_of(line.front())];
            if (of_load.empty()) {
                continue;
            }
            if (std::optional<Knee> knee = KneeFinder(grid, axis, of_load.front()).of(line)) {
                knees.push_back(std::move(*knee));
            }
        }
    }
    return knees;
}

}  // namespace myriad
