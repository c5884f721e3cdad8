// Sums and minima over the links of a route; latencies already contain the forwarding of the node that a link enters.

#include "interconnect/routing/path.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {

std::vector<DirectedEdge> edges_of(const Topology& topology, CardId from, Route route) {
    std::vector<DirectedEdge> ways;
    ways.reserve(route.hops());
    for_each_hop(topology, from, route, [&](DirectedEdge way, NodeId) { ways.push_back(way); });
    return ways;
}

Picoseconds path_latency(const Topology& topology, CardId from, Route route) {
    Picoseconds sum{};
    for_each_hop(topology, from, route, [&](DirectedEdge way, NodeId) { sum += latency_of(topology, way); });
    return sum;
}

BytesPerSecond path_bandwidth(const Topology& topology, CardId from, Route route) {
    MYRIAD_CHECK(route.hops() > 0, "an empty route has no bandwidth");
    BytesPerSecond narrowest{INT64_MAX};
    for_each_hop(topology, from, route, [&](DirectedEdge way, NodeId) {
        narrowest = std::min(narrowest, class_of(topology, way.edge).bandwidth);
    });
    return narrowest;
}

}  // namespace myriad
