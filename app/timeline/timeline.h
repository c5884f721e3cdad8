#pragma once
// trace.json of a run for ui.perfetto.dev: a process for the critical path where there is one, one for each of a few ranks
// with a thread a lane, arrows from causes to waits among them, counters of ranks, and a process for counters of links.

#include "app/timeline/lanes.h"
#include "workloads/training/critical_path.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace myriad {

inline constexpr std::int64_t kNoRank = -1;

struct TimelineCounter {
    std::int64_t rank = 0;                             // kNoRank: of links
    std::string name;                                  // "memory"
    std::string unit;                                  // "bytes"
    std::vector<std::pair<TimePoint, double>> points;  // value from then on, in order of time
};

struct TimelineOptions {
    std::int64_t ranks = 8;                     // shown at most
    std::size_t bytes_most = 100'000'000;       // of the file
    std::vector<std::int64_t> representatives;  // shown first: a rank of each pipeline stage of the first replica
    std::vector<std::string> names;             // of ranks, by rank: "tp 0, dp 1, pp 3"; empty: none
    std::vector<TimelineCounter> counters;
    std::vector<TimelineLane> lanes;  // of ranks that are shown, after those of the log
};

struct Timeline {
    std::string json;
    std::vector<std::int64_t> ranks;  // that are shown
    // Spans shorter than this are drawn together with their neighbours to keep the file small; 0: every span is there.
    Picoseconds resolution{0};
};

// Representatives, evenly picked where there are more than are shown; then those on which the critical path spends most
// time; then the others.
[[nodiscard]] std::vector<std::int64_t> ranks_shown(const SpanLog& log, const CriticalPath& path,
                                                    const TimelineOptions& options);
[[nodiscard]] Timeline make_timeline(const SpanLog& log, const CriticalPath& path, const TimelineOptions& options);

}  // namespace myriad
