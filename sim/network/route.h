#pragma once
// A path through the network as the output port to take at each node, the source card's port first. The packet is at
// its destination when no port is left.

#include "sim/units/units.h"

#include <cstdint>
#include <vector>

namespace myriad {

struct Route {
    std::vector<std::uint16_t> ports;
};

// A message is spread over all routes of its set in equal shares. Never empty.
struct RouteSet {
    std::vector<Route> routes;
};

}  // namespace myriad
