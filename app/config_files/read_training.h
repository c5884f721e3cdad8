#pragma once

#include "app/config_files/load.h"
#include "app/scenario/hardware.h"
#include "app/scenario/scenario.h"

#include <vector>

namespace myriad {

// Of a plan of training or inference.
[[nodiscard]] RoutingSpec read_routing(Section s);
// What the workload itself has to say about the plan (its model, the memory it needs) becomes errors at the keys.
[[nodiscard]] TrainingWorkload read_training(Section s, const ClusterFile& cluster, const std::vector<CardId>& placed);

}  // namespace myriad
