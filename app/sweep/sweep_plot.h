#pragma once
// The picture of a pivot of a sweep.

#include "app/sweep/sweep_run.h"

#include <string>

namespace myriad {

// An SVG; points that failed are gaps. Empty when no point of the pivot has the value.
[[nodiscard]] std::string sweep_plot_svg(const SweepOutcome& outcome, const SweepPlot& plot);

}  // namespace myriad
