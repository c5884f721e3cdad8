#pragma once
// What the links of a packet fabric carried; for every system that has one.

#include "app/system/platform.h"
#include "interconnect/packet/fabric.h"
#include "interconnect/packet/packet_faults.h"
#include "interconnect/topology/topology.h"

#include <vector>

namespace myriad {

// Each direction that carried a packet, in the order of the topology. `faults`: where links change during the run.
[[nodiscard]] std::vector<LinkUse> link_use_of(const Topology& topology, PacketFabric& fabric,
                                               const PacketFaults* faults = nullptr);

// Sums over the links, where flow control is modelled.
void add_flow_statistics(const Topology& topology, PacketFabric& fabric, StatisticReport& report);

}  // namespace myriad
