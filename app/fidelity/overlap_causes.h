#pragma once
// Why a cheaper level is off at one part of an overlap workload: from the figures of two results, and from these only.

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace myriad {

// Two results of one scenario as JSON: `coarse` is off, `judge` says by how much. They have the same parts.
struct OverlapPair {
    const nlohmann::json& coarse;
    const nlohmann::json& judge;
};

// Of one part alone, and of what the others add to it when all run.
[[nodiscard]] std::vector<std::string> causes_alone(const OverlapPair& pair, std::size_t part);
[[nodiscard]] std::vector<std::string> causes_together(const OverlapPair& pair, std::size_t part);

}  // namespace myriad
