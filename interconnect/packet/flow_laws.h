#pragma once
// What must hold of links with bounded buffers when a run has ended.

#include "interconnect/packet/fabric.h"

#include <string>
#include <vector>

namespace myriad {

// Links whose packets wait in a circle, each for room behind the next: "server0.icn_3 forward" a link; empty: none.
[[nodiscard]] std::vector<std::string> waiting_circle(PacketFabric& fabric);

// Nothing is left to happen: packets that wait in a circle, or credits that have not come back, break a law.
void check_flow_laws(PacketFabric& fabric, std::vector<std::string>& held);

}  // namespace myriad
