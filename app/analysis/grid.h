#pragma once
// A sweep's points by design and load: what every part of the analysis looks them up by.

#include "app/scenario/metric.h"
#include "app/sweep/outcome.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

// A choice on the axes of role design, with the point that stands for it under each load: where the sweep has axes of
// role tuning, the one that is best by what the load is judged by, of those that keep the constraints if there are any.
struct Design {
    std::vector<std::size_t> choice;                 // of all axes; 0 on those of role load and tuning
    std::string name;                                // "total 700 GB/s, wiring 16 mesh"
    std::vector<std::optional<std::size_t>> points;  // by load; nothing: not run
};

// Points that differ on one axis only, in the order of its values.
using PointLine = std::vector<std::size_t>;

class Grid {
public:
    explicit Grid(const SweepOutcome& outcome);

    [[nodiscard]] const SweepOutcome& outcome() const { return outcome_; }
    [[nodiscard]] const std::vector<std::size_t>& design_axes() const { return design_axes_; }
    [[nodiscard]] const std::vector<std::size_t>& load_axes() const { return load_axes_; }
    [[nodiscard]] const std::vector<std::size_t>& tuning_axes() const { return tuning_axes_; }
    [[nodiscard]] const std::vector<Design>& designs() const { return designs_; }  // in the order of choices
    [[nodiscard]] std::size_t loads() const { return load_names_.size(); }
    [[nodiscard]] const std::string& load_name(std::size_t load) const { return load_names_[load]; }
    // The label alone where there is one axis of role load: "all-to-all".
    [[nodiscard]] const std::string& load_label(std::size_t load) const { return load_labels_[load]; }
    [[nodiscard]] std::size_t load_of(std::size_t point) const { return load_of_[point]; }
    // The design with this choice; only axes of role design count.
    [[nodiscard]] std::optional<std::size_t> find_design(std::vector<std::size_t> choice) const;
    // Whether the point stands for its design under its load: always, where nothing is tuned.
    [[nodiscard]] bool is_tuned(std::size_t point) const;

    // Of a point that ran in the last stage; nothing: it did not, or its workload has no such result.
    [[nodiscard]] std::optional<double> value(std::size_t point, std::size_t metric) const;
    [[nodiscard]] bool in_last_stage(std::size_t point) const;
    // Lines along an axis, through every point, of one point or more, in the order of choices.
    [[nodiscard]] std::vector<PointLine> lines(std::size_t axis) const;
    // The same along an axis of role design, of points that stand for their designs.
    [[nodiscard]] std::vector<PointLine> tuned_lines(std::size_t axis) const;
    // "wiring 16 mesh, workload training": labels of a point on all axes but `without` and those of role tuning.
    [[nodiscard]] std::string labels(std::size_t point, std::optional<std::size_t> without = std::nullopt) const;

    // The same of axes of role design alone.
    [[nodiscard]] std::string design_labels(std::size_t point, std::size_t without) const;
    // "tp 8, pp 1": its labels on the axes of role tuning.
    [[nodiscard]] std::string tuning(std::size_t point) const;
    // Whether it has no result that breaks a constraint.
    [[nodiscard]] bool keeps_constraints(std::size_t point) const;

private:
    void tune();
    [[nodiscard]] std::vector<PointLine> lines_of(const std::vector<std::size_t>& hidden,
                                                  const std::vector<std::size_t>& points) const;

    const SweepOutcome& outcome_;
    std::vector<std::size_t> design_axes_;
    std::vector<std::size_t> load_axes_;
    std::vector<std::size_t> tuning_axes_;
    std::vector<std::size_t> not_design_axes_;
    std::vector<std::size_t> not_load_axes_;
    std::vector<std::string> load_names_;
    std::vector<std::string> load_labels_;
    std::vector<std::size_t> load_of_;
    std::vector<std::size_t> design_index_;  // by point
    std::vector<Design> designs_;
    std::map<std::vector<std::size_t>, std::size_t> design_of_;
};

// What designs are judged by. `metrics`: those that can be better or worse, first things first; of each load the first
// that it has counts. `stated`: the sweep names them, so that a second one is an objective too.
struct Judgement {
    std::vector<std::size_t> metrics;  // in all_metrics(); empty: nothing can be better or worse
    bool stated = false;
};
[[nodiscard]] Judgement judgement_of(const Sweep& sweep);
// By load: the metrics of the judgement that any point of it has, in their order.
[[nodiscard]] std::vector<std::vector<std::size_t>> metrics_of_loads(const Grid& grid, const Judgement& judgement);

// Whether the label itself is a quantity; a choice may have a number beside its name, which is no scale of the axis.
[[nodiscard]] bool is_quantity(const AxisValue& value);

// How many times as good `value` is as `reference`; nothing where there is no ratio.
[[nodiscard]] std::optional<double> gain_of(MetricBetter better, double value, double reference);
// Whether `a` is better than `b`.
[[nodiscard]] bool is_better(MetricBetter better, double a, double b);

}  // namespace myriad
