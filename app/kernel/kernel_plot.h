#pragma once
// The points of a sweep under the roofs of the chip.

#include "app/kernel/kernel_result_text.h"

#include <string>

namespace myriad {

// x: work / HBM bytes, y: work / time, each as the level counts them. The kernel has work.
[[nodiscard]] std::string roofline_svg(const KernelReport& report);

}  // namespace myriad
