#pragma once
// Can an algorithm do an operation in a group? Asked where a file names both.

#include "interconnect/network.h"
#include "sim/config/section.h"

#include <vector>

namespace myriad {

// Puts an error on `key` of `s` if not. `hierarchy`: the sizes that the file gives, else the number of ranks alone; what
// an algorithm needs of dimensions that the topology will tell is then left for later. `on_reducing_switch`: all ranks may
// be on one switch that adds.
void check_algorithm(Section& s, const char* key, CollectiveOp op, CollectiveAlgorithm algorithm,
                     const std::vector<int>& hierarchy, bool on_reducing_switch);

}  // namespace myriad
