#pragma once
// Cards that are slower than their kind.

#include "interconnect/topology/changes.h"
#include "interconnect/topology/topology.h"
#include "models/ppu/ppu_card.h"

#include <memory>
#include <vector>

namespace myriad {

// Tells each card the speeds that it will have, and from when on.
void set_speeds(const Topology& topology, const std::vector<ClusterChange>& changes,
                const std::vector<std::unique_ptr<PpuCard>>& cards);

}  // namespace myriad
