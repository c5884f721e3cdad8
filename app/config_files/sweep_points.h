#pragma once
// From the grid of a sweep to its points: all that conditions leave, or a sample of them.

#include "app/config_files/read_sweep_axes.h"
#include "app/config_files/sweep_space.h"
#include "app/scenario/sweep.h"
#include "sim/config/section.h"

#include <optional>
#include <vector>

namespace myriad {

// Fills points, axes, baseline and notes of `out`; what is wrong is collected.
void make_points(Section& sweep, const std::vector<ReadAxis>& axes, SweepSpace space, std::optional<Choice> baseline,
                 Sweep& out);

}  // namespace myriad
