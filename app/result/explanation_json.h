#pragma once
// An explanation as the part `training.explanation` of result.json, and back from a result on disk.

#include "workloads/training/explanation.h"

#include <nlohmann/json.hpp>

#include <string>

namespace myriad {

[[nodiscard]] nlohmann::json json_of(const Explanation& explanation);

// What `myriad explain` needs of a result.
struct ExplainedResult {
    std::string title;
    std::string cluster;
    std::string model;
    std::int64_t cards = 0;
    Explanation explanation;
    nlohmann::json json;  // of the explanation, as it stands in the file
};
// `text` of the file `file`. Throws UserError with the place in the file where something is wrong.
[[nodiscard]] ExplainedResult read_explained_result(const std::string& file, const std::string& text);

}  // namespace myriad
