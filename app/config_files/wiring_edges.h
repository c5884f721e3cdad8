#pragma once
// An explicit list of links: [0, 1] or [0, 1, {links: 2, bandwidth: 50 GB/s, latency: 1 us}].

#include "interconnect/topology/config.h"
#include "sim/config/section.h"

#include <string_view>
#include <vector>

namespace myriad {

// Entries that are wrong are reported at their own place and left out. `nodes`: numbers run from 0 to nodes - 1.
[[nodiscard]] std::vector<WiringEdgeConfig> read_edges(Section& s, std::string_view key, int nodes);

}  // namespace myriad
