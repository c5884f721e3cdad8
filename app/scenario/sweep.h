#pragma once
// A sweep: a base scenario, axes, and the points of their grid that are run. A point is the base scenario under
// overrides, so that any path of a scenario can be an axis and a point can be run again by `myriad run --set`.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace myriad {

// One value of an axis: its label in tables, and the overrides ("cluster.server.cards=8") that it stands for. A linked
// value sets several paths at once.
struct AxisValue {
    std::string label;
    std::vector<std::string> overrides;
    std::optional<double> number;  // of the label: byte/s, byte, ps or plain; absent: it is a word
};

enum class AxisRole : std::uint8_t {
    design,  // something the architect chooses
    load,    // something designs are judged by: a workload, a size, a seed
    tuning,  // what whoever uses a design would choose: each design has its best value of it at each load
};

struct SweepAxis {
    std::string name;
    std::vector<AxisValue> values;
    AxisRole role = AxisRole::design;
};

// A pivot of the results: one row a value of `rows`, one column a value of `columns`, cells `value`. Axes not named are
// listed as sub-tables; `where` keeps only points whose axis has the label, in which `*` stands for any text. Axes of
// `best_of` make no sub-tables: a cell is the point on them that is best by `best_by`.
struct SweepTable {
    std::string title;
    std::string rows;
    std::string columns;
    std::string value;
    std::vector<std::pair<std::string, std::string>> where;  // axis name, label
    std::vector<std::string> best_of = {};                   // axis names
    std::string best_by = {};                                // a result; set where best_of is
};

// A picture of a pivot: rows go across, columns are lines, sub-tables panels.
struct SweepPlot {
    std::string name;  // of its file, without .svg
    SweepTable pivot;
};

// What makes a point good: a result, in its better direction.
struct SweepObjective {
    std::string metric;  // name in all_metrics()
};

// What a point must keep to be ranked.
struct SweepConstraint {
    std::string metric;
    std::optional<double> least;  // in the metric's unit
    std::optional<double> most;
    std::string text;  // as the user wrote it: "memory_share <= 0.9"
};

// The label of an axis where it does not apply (`when`): the last of its values, without overrides.
inline constexpr std::string_view kInertLabel = "-";

// A combination of axis values: choice[a] is the index into axes[a].values.
struct SweepPoint {
    std::size_t index = 0;  // in Sweep::points
    std::vector<std::size_t> choice;
    std::vector<std::string> overrides;  // of the scenario: "cluster.server.cards=8"
};

// A step of successive halving: what is put over every point that is still in, and how many go on to the next.
struct SweepStage {
    std::string name;
    std::vector<std::string> overrides;
    double keep = 1.0;           // share of the designs that go on; of the last stage 1
    std::size_t keep_count = 0;  // instead: so many designs; 0: `keep` says it
};

struct Sweep {
    std::string name;
    std::string title;
    std::vector<SweepAxis> axes;
    std::vector<SweepPoint> points;  // those of the grid that are run, in order
    std::vector<SweepStage> stages;  // empty: every point is run once, as it is
    std::vector<SweepObjective> objectives;
    std::vector<SweepConstraint> constraints;
    std::optional<std::vector<std::size_t>> baseline;  // a choice; only axes of role design count
    std::vector<std::string> columns;                  // results to tabulate
    std::vector<SweepTable> tables;
    std::vector<SweepPlot> plots;
    std::vector<std::string> notes;  // what is odd about it: "skip 2 leaves out nothing"
};

// All combinations of the axes, the last one fastest: what `points` is without sampling and conditions.
[[nodiscard]] std::size_t grid_size(const std::vector<SweepAxis>& axes);
[[nodiscard]] std::vector<SweepPoint> grid_points(const std::vector<SweepAxis>& axes);
// The overrides of a choice, in the order of axes.
[[nodiscard]] std::vector<std::string> overrides_of(const std::vector<SweepAxis>& axes,
                                                    const std::vector<std::size_t>& choice);

// Whether `wanted` of a pivot's `where` means the label: equal, or equal with each `*` standing for any text.
[[nodiscard]] bool means_label(std::string_view wanted, std::string_view label);

}  // namespace myriad
