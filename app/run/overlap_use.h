#pragma once
// What one start of an overlap workload put on links and cards: the difference of counts at its begin and at its end.

#include "app/run/report.h"

#include <map>
#include <utility>

namespace myriad {

class OverlapMeter {
public:
    // Counts from here on. `platform` outlives the meter.
    explicit OverlapMeter(Platform& platform);
    // Since then; shares are of `elapsed`.
    [[nodiscard]] OverlapUse use(Picoseconds elapsed) const;

private:
    using Links = std::map<std::pair<EdgeId, std::uint8_t>, Picoseconds>;
    [[nodiscard]] static Links links(Platform& platform);

    Platform& platform_;
    NetworkCounters counters_;
    Links links_;
    std::optional<LiveUse> live_;
};

}  // namespace myriad
