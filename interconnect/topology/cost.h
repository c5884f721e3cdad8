#pragma once
// What a topology is made of, as far as a bill of material goes: switch chips, cables, optics, and how much thinner each
// tier is than what hangs below it.
//
// Rules. A cable is one physical link outside of a board's PCIe: a bond of n links is n cables. A cable between two
// switches is optical, with a transceiver at each end; a cable from a card or a NIC to its first switch, or from card to
// card, is copper. That is where racks usually end; a card's or NIC's cable that leaves its rack is not known here.
// Oversubscription of a tier is bandwidth to below over bandwidth to above, of all its switches together.

#include "interconnect/topology/topology.h"
#include "sim/units/units.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

// Switches of one kind and level, the lowest first. Level 1 takes cards or NICs in.
struct SwitchTier {
    NodeKind kind = NodeKind::ethernet_switch;
    int level = 1;
    std::int64_t switches = 0;
    std::int64_t ports = 0;      // used, of all of them; a bond counts as its links
    std::int64_t ports_max = 0;  // of the busiest one: what the chip must have
    BytesPerSecond down{};       // per direction, of all of them: towards cards
    BytesPerSecond up{};         // towards a higher level
    BytesPerSecond across{};     // among switches of the same level
};

struct CableCount {
    std::string link_class;
    bool optical = false;
    std::int64_t cables = 0;
};

struct CostItems {
    std::vector<SwitchTier> switches;
    std::vector<CableCount> cables;  // link classes that are cables, in the order of Topology::link_classes
    std::int64_t switch_chips = 0;
    std::int64_t switch_ports = 0;
    std::int64_t copper_cables = 0;
    std::int64_t optical_cables = 0;
    std::int64_t transceivers = 0;
};

[[nodiscard]] CostItems count_cost(const Topology& topology);

}  // namespace myriad
