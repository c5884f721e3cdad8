#pragma once
// Why a cheaper level is off at one part of an overlap workload: from the figures of two results, and from these only.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

// Two results of one scenario in the form of result.json: `coarse` is off, `judge` says by how much. They have the same
// parts.
struct OverlapPair {
    std::string_view coarse;
    std::string_view judge;
};

// Of one part alone, and of what the others add to it when all run.
[[nodiscard]] std::vector<std::string> causes_alone(const OverlapPair& texts, std::size_t part);
[[nodiscard]] std::vector<std::string> causes_together(const OverlapPair& texts, std::size_t part);

}  // namespace myriad
