#pragma once
// What one rank waited for, measured as a set of instants: two lanes that wait at the same time count once, and a wait of
// one lane beside a kernel of the other is hidden.

#include "workloads/training/span_log.h"

#include <array>

namespace myriad {

struct GroupWait {
    Picoseconds busy{0};     // in a collective or message of the group, or waiting for one
    Picoseconds exposed{0};  // waiting, and no kernel runs
    Picoseconds late{0};     // of that: before the last peer came
};
struct RankWaits {
    std::array<GroupWait, kGroupKinds> groups{};  // by GroupKind; none: pipeline messages
    Picoseconds bubble{0};  // neither lane does anything but wait for another stage, or the rank is done
};
[[nodiscard]] RankWaits waits_of(const SpanLog& log, std::int64_t rank, TimePoint started, TimePoint ended);

}  // namespace myriad
