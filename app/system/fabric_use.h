#pragma once
// What the links of a packet fabric carried; for every system that has one.

#include "app/system/platform.h"
#include "interconnect/packet/fabric.h"
#include "interconnect/topology/topology.h"

#include <vector>

namespace myriad {

// Each direction that carried a packet, in the order of the topology.
[[nodiscard]] std::vector<LinkUse> link_use_of(const Topology& topology, PacketFabric& fabric);

// Sums over the links, where flow control is modelled.
void add_flow_statistics(const Topology& topology, PacketFabric& fabric, StatisticReport& report);

}  // namespace myriad
