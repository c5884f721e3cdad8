#pragma once
// What a user reads first: plain text of at most 100 columns, every figure with its unit. A training step is told by
// its time, its rates, where the time goes and what fills the memory; collectives by the nccl-tests table.

#include "app/run/report.h"

#include <string>

namespace myriad {

// Ends with a line break.
[[nodiscard]] std::string summary_text(const RunReport& report);

}  // namespace myriad
