#pragma once
// Walking a route over the topology: which links it takes, how long and how wide it is.

#include "interconnect/topology/topology.h"
#include "sim/identity/card_id.h"
#include "sim/network/route.h"
#include "sim/units/units.h"

#include <vector>

namespace myriad {

// Calls visit(DirectedEdge, NodeId entered) for each link of the route that leaves `from`; gives the last node.
template <class Visit>
NodeId for_each_hop(const Topology& topology, CardId from, Route route, Visit&& visit) {
    NodeId node = node_of(topology, from);
    for (const std::uint16_t port : route) {
        const Step step = step_over(topology, node, port);
        visit(step.way, step.to);
        node = step.to;
    }
    return node;
}

[[nodiscard]] std::vector<DirectedEdge> edges_of(const Topology& topology, CardId from, Route route);

// From the first bit sent to the first bit received: the sum of the latencies of the links.
[[nodiscard]] Picoseconds path_latency(const Topology& topology, CardId from, Route route);

// Bandwidth of the narrowest link. The route has at least one hop.
[[nodiscard]] BytesPerSecond path_bandwidth(const Topology& topology, CardId from, Route route);

}  // namespace myriad
