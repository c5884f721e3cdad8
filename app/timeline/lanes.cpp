// Spans as slices, and many slices as one.

#include "app/timeline/lanes.h"

#include <algorithm>
#include <array>

namespace myriad {

const char* name_of_lane(std::uint8_t lane) {
    constexpr std::array<const char*, 3> kLanes{"program", "second program", "communication beside"};
    return kLanes[lane];
}

Slice slice_of(const Span& span) {
    Slice slice;
    slice.begin = span.start;
    slice.end = span.end;
    slice.label = span.label;
    slice.kind = name_of(span.kind);
    slice.pass = span.pass;
    slice.micro_batch = span.micro_batch;
    slice.chunk = span.chunk;
    slice.bound = computes(span.kind) ? span.bound : ComputeBound::unknown;
    slice.cause_rank = span.cause_rank;
    return slice;
}

std::vector<TimelineLane> lanes_of(const SpanLog& log, std::int64_t rank) {
    std::array<TimelineLane, 3> lanes;
    for (std::int64_t i = 0; i < log.count(rank); ++i) {
        const Span span = log.at(rank, i);
        lanes[span.lane].slices.push_back(slice_of(span));
    }
    std::vector<TimelineLane> result;
    for (std::uint8_t lane = 0; lane < lanes.size(); ++lane) {
        if (!lanes[lane].slices.empty()) {
            lanes[lane].rank = rank;
            lanes[lane].name = name_of_lane(lane);
            result.push_back(std::move(lanes[lane]));
        }
    }
    return result;
}

SliceList flattened(std::vector<Slice> slices) {
    std::stable_sort(slices.begin(), slices.end(), [](const Slice& a, const Slice& b) { return a.begin < b.begin; });
    SliceList list;
    Slice open;
    bool is_open = false;
    for (const Slice& slice : slices) {
        if (is_open && slice.begin < open.end) {
            open.end = std::max(open.end, slice.end);
            open.label = open.label == slice.label ? open.label : "several";
            open.joined += slice.joined;
            open.bytes = std::max<std::int64_t>(open.bytes, 0) + std::max<std::int64_t>(slice.bytes, 0);
            continue;
        }
        if (is_open) {
            list.add(open);
        }
        open = slice;
        is_open = true;
    }
    if (is_open) {
        list.add(open);
    }
    return list;
}

}  // namespace myriad
