#pragma once
// The analysis of a sweep as text: ranked designs, front, effects of the axes, knees.

#include "app/analysis/analysis.h"
#include "app/sweep/outcome.h"

#include <string>

namespace myriad {

// Without headline, failures and warnings, which the summary places; empty where nothing can be ranked.
[[nodiscard]] std::string analysis_text(const SweepOutcome& outcome, const Analysis& analysis);

}  // namespace myriad
