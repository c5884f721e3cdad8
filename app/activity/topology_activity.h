#pragma once
// How busy the parts of a cluster were over a whole run: by tier of links, in each by server, segment or switch.

#include "app/activity/activity.h"
#include "app/system/platform.h"

#include <vector>

namespace myriad {

struct TopologyActivityOptions {
    std::int64_t cards_drawn = 64;     // nodes and links are listed up to so many cards
    std::size_t cells_most = 1'024;    // of a tier; neighbours are put together where there are more
    std::size_t cells_in_all = 4'096;  // of all tiers
};

[[nodiscard]] TopologyActivity topology_activity(const Topology& topology, const std::vector<LinkUse>& use,
                                                 Picoseconds elapsed, const TopologyActivityOptions& options = {});

}  // namespace myriad
