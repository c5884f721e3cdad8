#pragma once
// An explanation in words: what the step's time is spent on, largest first, and what could be saved at most.

#include "app/run/report.h"

#include <cstddef>
#include <string>
#include <vector>

namespace myriad {

// "12.3 % of the step is exposed tensor-parallel communication (mostly all_gather) over ICN: twice the ICN bandwidth
// would save at most 6.1 %". Advice only where a bound was computed.
[[nodiscard]] std::vector<std::string> explain_step(const Explanation& explanation);

// "twice the NIC bandwidth"
[[nodiscard]] std::string words_of(Change change);
// "tensor-parallel communication", "pipeline messages"
[[nodiscard]] std::string words_of(GroupKind group);

// All of it: the words, then tables of the path, of the bounds and of communication.
[[nodiscard]] std::string explanation_text(const Explanation& explanation);

// For the summary of a run: the first lines, or why there are none.
[[nodiscard]] std::string explanation_lines(const TrainingReport& training, std::size_t most);

}  // namespace myriad
