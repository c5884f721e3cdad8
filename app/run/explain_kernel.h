#pragma once
// Why the tile level says what it says of a kernel, in words, against the roofline of the same kernel.

#include "models/chip_config.h"
#include "models/tile/kernel_result.h"

#include <string>
#include <vector>

namespace myriad {

// "wave quantisation 1.44x: 300 tiles on 216 slots = 2 waves of 1.39", largest factor first. Causes overlap in time: they
// do not multiply up to the ratio of the two levels. Empty: nothing adds more than 5 %.
[[nodiscard]] std::vector<std::string> explain(const ChipConfig& chip, const Kernel& kernel,
                                               const KernelResult& result);

}  // namespace myriad
