#pragma once
// From a cluster's configuration to its graph.

#include "interconnect/topology/config.h"
#include "interconnect/topology/topology.h"

#include <string>
#include <vector>

namespace myriad {

// Throws UserError with everything that is wrong with the sizes of the cluster: wiring against cards and links of the
// chip, NICs against cards, servers against fabric.
[[nodiscard]] Topology build_topology(const ClusterConfig& config);

// What the fabric's recipe says against this cluster, without its name; empty where the sizes fit.
[[nodiscard]] std::vector<std::string> fabric_problems(const ClusterConfig& config);

}  // namespace myriad
