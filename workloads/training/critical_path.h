#pragma once
// Why the step ends when it ends: the chain of work, each piece of which could not begin before the one before it had
// ended. It is walked backwards from the rank that is done last:
//   - a kernel began when the program reached it, or when the kernel of the rank's other lane had left the card
//   - a wait ended because the network was done; that began when the last rank entered (the message was sent), so the
//     chain goes on there, on that rank and at that time
// The segments abut, from the start of the step to its end: they add up to the step time exactly.

#include "workloads/training/span_log.h"

#include <string_view>
#include <vector>

namespace myriad {

enum class PathCategory : std::uint8_t {
    compute,  // a kernel of which is not known what bounds it
    matrix,
    vector,
    hbm,
    on_chip,
    network,  // a collective of `group`, or a message between pipeline stages (GroupKind::none), is under way
    late,     // the rank waits for a peer whose spans were not kept
    idle,     // no span tells what the rank did
};
inline constexpr std::size_t kPathCategories = 8;
[[nodiscard]] std::string_view name_of(PathCategory category);

struct PathSegment {
    std::int64_t rank = 0;
    std::uint8_t lane = kMainLane;
    TimePoint from{};
    TimePoint to{};
    PathCategory category = PathCategory::idle;
    GroupKind group = GroupKind::none;
    Picoseconds fixed{0};    // of its length: launches, latency
    std::string_view label;  // lives as long as the log, likewise `pass`
    std::string_view pass;
    std::int64_t micro_batch = -1;
};

struct CriticalPath {
    std::vector<PathSegment> segments;  // in order of time
    std::int64_t hops = 0;              // from one rank to another
};

// `log` is finished and has spans from `started` on; nothing ends after `ended`.
[[nodiscard]] CriticalPath critical_path(const SpanLog& log, TimePoint started, TimePoint ended);

}  // namespace myriad
