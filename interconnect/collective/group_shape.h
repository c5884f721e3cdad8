#pragma once
// Reads the structure of a group of cards off the topology: which dimensions it has, and which algorithm suits the
// links of each.

#include "interconnect/collective/make_schedule.h"
#include "interconnect/topology/topology.h"

#include <vector>

namespace myriad {

// Cards in rank order. A group that takes equally many cards of each of its servers, server by server, is seen as
// (inside a server) x (servers); whole servers use the hierarchy that the topology states. Anything else is flat.
// `wanted_hierarchy`, if given, replaces what is found; its product must be the number of cards (else UserError).
[[nodiscard]] GroupShape shape_of_group(const Topology& topology, const std::vector<CardId>& cards,
                                        const std::vector<int>& wanted_hierarchy = {});

// Of a communicator: with what it brings itself (block weights, schedule) and, for multi_ring, the rings of its wiring.
[[nodiscard]] GroupShape shape_of_group(const Topology& topology, const CommunicatorSpec& spec);

}  // namespace myriad
