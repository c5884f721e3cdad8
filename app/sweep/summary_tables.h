#pragma once
// The points of a sweep as tables of text.

#include "app/sweep/failures.h"
#include "app/sweep/outcome.h"

#include <cstddef>
#include <string>
#include <vector>

namespace myriad {

// A pivot, the best cell of each sub-table marked.
[[nodiscard]] std::string table_text(const SweepOutcome& outcome, const SweepTable& table, const Failures& failures);
// Points one under another with the sweep's columns, as many as lines of kSummaryWidth hold.
[[nodiscard]] std::string fitting_listing(const SweepOutcome& outcome, const std::vector<std::size_t>& points,
                                          const Failures& failures);

}  // namespace myriad
