#pragma once
// What live cards have done so far, resource by resource: counts that grow, so that the difference of two is what went on
// between them.

#include "models/live/live_traffic.h"
#include "sim/units/units.h"

#include <cstdint>
#include <vector>

namespace myriad {

struct LiveUse {
    struct Card {
        std::vector<Picoseconds> slices;    // time in which each cache slice moved bytes
        std::vector<Picoseconds> channels;  // and the data bus of each pseudo channel
        std::int64_t barriers = 0;
        Picoseconds barrier_wait{};  // for flags of other cards
    };
    LiveTraffic traffic;  // of all cards
    std::int64_t bursts = 0;
    std::int64_t row_hits = 0;
    std::vector<Card> cards;
};

}  // namespace myriad
