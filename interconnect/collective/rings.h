#pragma once
// Rings through all cards of a group that share no link: what multi_ring runs on.

#include "interconnect/topology/topology.h"

#include <vector>

namespace myriad {

// Orders of the ranks, each a ring over links that join two cards of the group directly, no link in two rings. As many
// as are found, at most half of the fewest links of a card; none where a card of the group has fewer than two, or the
// group has more than kRingSearchMax cards (the search grows fast; channels that rotate do then).
//
//   every pair joined  Walecki's construction: (n - 1) / 2 rings for odd n, n / 2 - 1 for even n
//   anything else      Hamiltonian cycles by rotation and extension (Posa), one after the other out of the links that
//                      are left, from many fixed seeds; the seed that gives most rings wins. K4 x K4: 3, hypercubes and
//                      tori of 64 cards: as many as they have dimensions or half of that. Found, not proven to be most
[[nodiscard]] std::vector<std::vector<int>> edge_disjoint_rings(const Topology& topology,
                                                                const std::vector<CardId>& cards);

inline constexpr int kRingSearchMax = 64;

}  // namespace myriad
