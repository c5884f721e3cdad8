#pragma once
// `axes` of a sweep.

#include "app/config_files/axis_range.h"
#include "app/config_files/sweep_space.h"
#include "sim/config/section.h"

#include <optional>
#include <string>
#include <vector>

namespace myriad {

// An axis with what the sweep's other keys need of it.
struct ReadAxis {
    Section section;
    SweepAxis axis;
    std::string formula_name;        // empty: no formula can name it
    std::optional<AxisRange> range;  // of a continuous axis
    std::string path;                // likewise
};

[[nodiscard]] std::vector<ReadAxis> read_axes(Section& sweep);

// Two axes that set the same value at the same point, or one of which replaces what another has set before.
void check_axes_apart(const std::vector<ReadAxis>& read, const SweepSpace& space);

[[nodiscard]] std::vector<std::string> axis_names(const std::vector<SweepAxis>& axes);
// The index of the axis called `name`; an error at `mark` with what was probably meant if there is none.
[[nodiscard]] std::optional<std::size_t> find_axis(Section& s, const SourceMark& mark,
                                                   const std::vector<SweepAxis>& axes, const std::string& name);

}  // namespace myriad
