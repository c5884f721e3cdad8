#pragma once
// How results word what the report holds as numbers and enumerations.

#include "app/run/report.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

[[nodiscard]] std::string_view name_of(NetworkLevel level);
[[nodiscard]] std::string_view name_of(CardLevel level);
[[nodiscard]] std::string_view name_of(Arbitration arbitration);
// "packed", "random (seed 1)"
[[nodiscard]] std::string placement_text(const PlacementConfig& placement);

// Groups of one dimension that run an operation the same way ("tp[0]" to "tp[4095]"): one line, not thousands.
struct AlgorithmGroup {
    std::string dimension;
    std::int64_t groups = 0;
    CollectiveOp op = CollectiveOp::all_reduce;
    AlgorithmChoice choice;
};
// Sorted by dimension and operation, so that it does not tell which group came first.
[[nodiscard]] std::vector<AlgorithmGroup> algorithm_groups(const std::vector<AlgorithmNote>& notes);

// Of an operator; null where the card level does not know.
[[nodiscard]] const OperatorLimit* limit_of(const TrainingReport& training, std::string_view label);

// Likewise of inference.
[[nodiscard]] const OperatorBind* bind_of(const InferenceReport& inference, std::string_view label);
[[nodiscard]] std::string_view name_of(KernelBind bind);
// Waiting for collectives and for messages under way, of a step of inference, mean over cards.
[[nodiscard]] Picoseconds communication_of(const InferenceResult& result);

// "16,384"
[[nodiscard]] std::string grouped(std::int64_t count);
// Four significant digits: "0.8123", "12,350".
[[nodiscard]] std::string figure(double value);
// "71.2 %"; what is there but too small to show is "<0.1 %".
[[nodiscard]] std::string percent(double share);

}  // namespace myriad
