#pragma once
// Reading of what is not as built (overrides, faults) and of where ranks run.

#include "app/scenario/hardware.h"
#include "app/scenario/placement.h"
#include "sim/config/schema.h"
#include "sim/config/section.h"

#include <vector>

namespace myriad {

[[nodiscard]] const Schema& override_schema();
[[nodiscard]] const Schema& fault_schema();
[[nodiscard]] const Schema& placement_schema();

// Reads `overrides` and `faults` of a cluster's or a scenario's section and appends them to the cluster's changes. What
// matches nothing, does not fit its target or cuts the cluster in two is reported at its place.
void read_changes(Section& s, ClusterConfig& cluster);

// Cards that are down from the start, by number; empty when none can be.
[[nodiscard]] std::vector<bool> cards_down(const ClusterConfig& cluster);

[[nodiscard]] PlacementConfig read_placement(Section s, const ClusterFile& cluster, const std::vector<bool>& down);

}  // namespace myriad
