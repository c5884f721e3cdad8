#pragma once
// How busy the parts of a cluster were over a whole run: by tier of links, in each by server, segment or switch.

#include "app/activity/activity.h"
#include "app/activity/link_watch.h"
#include "app/system/platform.h"

#include <vector>

namespace myriad {

struct TopologyActivityOptions {
    std::int64_t cards_drawn = 64;     // nodes and links are listed up to so many cards
    std::size_t cells_most = 1'024;    // of a tier; neighbours are put together where there are more
    std::size_t cells_in_all = 6'144;  // of all tiers
};

// `classes`: of the links as the run began; those that die during it count.
[[nodiscard]] TopologyActivity topology_activity(const Topology& topology, const LinkClasses& classes,
                                                 const std::vector<LinkUse>& use, Picoseconds elapsed,
                                                 const TopologyActivityOptions& options = {});

}  // namespace myriad
