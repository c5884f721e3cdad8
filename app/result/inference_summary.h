#pragma once
// The part of a summary that is about inference.

#include "app/run/report.h"

#include <string>

namespace myriad {

// "qwen3-32b: decode of 64 sequences at a context of 4,096, tensor 4 x data 2 x pipeline 2"
[[nodiscard]] std::string plan_line(const InferenceReport& inference);
// Rates, the bound of HBM, cost, what binds, operators, memory.
[[nodiscard]] std::string inference_text(const InferenceReport& inference);

}  // namespace myriad
