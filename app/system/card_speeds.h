#pragma once
// Cards that are slower than their kind.

#include "interconnect/topology/changes.h"
#include "interconnect/topology/topology.h"
#include "models/ppu/ppu_card.h"

#include <memory>
#include <set>
#include <vector>

namespace myriad {

// Tells each card the speeds that it will have, and from when on. `numbers`: of the cards; empty: 0, 1, ...
void set_speeds(const Topology& topology, const std::vector<ClusterChange>& changes,
                const std::vector<std::unique_ptr<PpuCard>>& cards, const std::vector<CardId>& numbers = {});

// When any card changes its speed, the start included.
[[nodiscard]] std::set<Picoseconds> speed_times(const std::vector<ClusterChange>& changes);

}  // namespace myriad
