#pragma once
// What no schedule can beat: the law "result >= lower bound" for collectives.

#include "interconnect/network.h"
#include "interconnect/topology/topology.h"

#include <vector>

namespace myriad {

// The larger of two bounds, plus the shortest latency out of a card (nothing for a group of one):
//   injection  bytes that some rank must send or receive, over all links of that card
//   servers    bytes that must leave or enter a server, over all links that leave it
// Bytes: all_reduce 2 S (n-1)/n a rank, S where all are on a switch that adds; all_gather, reduce_scatter, all_to_all S (n-1)/n; gather and scatter the same (the
// root's); broadcast and reduce S; all_to_allv what its blocks come to (`block_weights` as in CommunicatorSpec), over
// cards only.
[[nodiscard]] Picoseconds collective_lower_bound(const Topology& topology, const std::vector<CardId>& cards,
                                                 CollectiveOp op, Bytes size,
                                                 const std::vector<std::int64_t>& block_weights = {});

// All links out of a card together.
[[nodiscard]] BytesPerSecond injection_bandwidth(const Topology& topology, CardId card);
[[nodiscard]] Picoseconds shortest_latency(const Topology& topology, CardId card);

}  // namespace myriad
