#pragma once
// A sweep: a base scenario and axes; every combination of axis values is a point. A point is the base scenario under
// overrides, so that any path of a scenario can be an axis and a point can be run again by `myriad run --set`.

#include <cstddef>
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
};

struct SweepAxis {
    std::string name;
    std::vector<AxisValue> values;
};

// A pivot of the results: one row a value of `rows`, one column a value of `columns`, cells `value`. Axes not named are
// listed as sub-tables; `where` keeps only points whose axis has the label, in which `*` stands for any text.
struct SweepTable {
    std::string title;
    std::string rows;
    std::string columns;
    std::string value;
    std::vector<std::pair<std::string, std::string>> where;  // axis name, label
};

// A picture of a pivot: rows go across, columns are lines, sub-tables panels.
struct SweepPlot {
    std::string name;  // of its file, without .svg
    SweepTable pivot;
};

struct Sweep {
    std::string name;
    std::string title;
    std::vector<SweepAxis> axes;
    std::vector<std::string> columns;  // results to tabulate
    std::vector<SweepTable> tables;
    std::vector<SweepPlot> plots;

    [[nodiscard]] std::size_t points() const;
};

// A combination of axis values: choice[a] is the index into axes[a].values. The last axis varies fastest.
struct SweepPoint {
    std::size_t index = 0;
    std::vector<std::size_t> choice;
    std::vector<std::string> overrides;  // of the scenario: "cluster.server.cards=8"
};
[[nodiscard]] SweepPoint point_of(const Sweep& sweep, std::size_t index);

// Whether `wanted` of a pivot's `where` means the label: equal, or equal with each `*` standing for any text.
[[nodiscard]] bool means_label(std::string_view wanted, std::string_view label);

}  // namespace myriad
