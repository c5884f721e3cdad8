#pragma once
// The part of a summary that is about a training step.

#include "app/run/report.h"

#include <string>

namespace myriad {

inline constexpr std::size_t kSummaryWidth = 100;
inline constexpr std::size_t kSummaryIndent = 13;  // of what follows a label

// "qwen3-32b: tensor 4 x data 2 x pipeline 2 = 16 ranks; ..."
[[nodiscard]] std::string plan_line(const TrainingReport& training);
// Rates, where the time goes, memory.
[[nodiscard]] std::string training_text(const TrainingReport& training);

}  // namespace myriad
