#pragma once
// What a rank did, lane by lane: what timelines and the figures of reports are drawn from.

#include "app/timeline/slice_list.h"
#include "workloads/training/span_log.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

// Slices may overlap (messages under way at the same time) and stand in any order. Labels outlive the lane.
struct TimelineLane {
    std::int64_t rank = 0;
    std::string name;
    std::vector<Slice> slices;
};

[[nodiscard]] Slice slice_of(const Span& span);

// "program", "second program", "communication beside", as far as the rank has them; what the log holds outlives them.
[[nodiscard]] std::vector<TimelineLane> lanes_of(const SpanLog& log, std::int64_t rank);
[[nodiscard]] const char* name_of_lane(std::uint8_t lane);

// In order of begin; what overlaps becomes one slice, with the label that all of it has, or "several".
[[nodiscard]] SliceList flattened(std::vector<Slice> slices);

}  // namespace myriad
