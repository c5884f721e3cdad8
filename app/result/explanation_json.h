#pragma once
// An explanation as the part `training.explanation` of result.json, and back from a result on disk.

#include "workloads/training/explanation.h"

#include <cstdint>
#include <string>

namespace myriad {

[[nodiscard]] std::string explanation_json(const Explanation& explanation);

// What `myriad explain` needs of a result.
struct ExplainedResult {
    std::string title;
    std::string cluster;
    std::string model;
    std::int64_t cards = 0;
    Explanation explanation;
    std::string json;  // of the explanation, as the file has it
};
// `text` of the file `file`. Throws UserError with the place in the file where something is wrong.
[[nodiscard]] ExplainedResult read_explained_result(const std::string& file, const std::string& text);

}  // namespace myriad
