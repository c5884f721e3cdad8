#pragma once
// Which algorithm can do which operation, for which groups, and what makes its schedule: one line an algorithm.

#include "interconnect/collective/make_schedule.h"

#include <string_view>
#include <vector>

namespace myriad {

struct AlgorithmEntry {
    CollectiveAlgorithm algorithm{};
    std::vector<CollectiveOp> ops;
    // "two dimensions or more, such as 4x4"; empty: any group.
    std::string_view needs;
    bool (*fits)(const GroupShape& shape) = nullptr;  // null: any group
    bool sized = false;                               // the schedule depends on the size of the call (its pieces)
    std::unique_ptr<Schedule> (*make)(const ScheduleRequest& request) = nullptr;
};

// In the order of CollectiveAlgorithm; `automatic` is not in it.
[[nodiscard]] const std::vector<AlgorithmEntry>& algorithm_table();
[[nodiscard]] const AlgorithmEntry& entry_of(CollectiveAlgorithm algorithm);
[[nodiscard]] bool can_do(const AlgorithmEntry& entry, CollectiveOp op);

}  // namespace myriad
