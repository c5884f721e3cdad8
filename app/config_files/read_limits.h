#pragma once
// `limits` of a sweep file: what its points may take of the host.

#include "app/store/limits.h"
#include "sim/config/section.h"

namespace myriad {

// `sweep` is the root of the file; without the key nothing is limited.
[[nodiscard]] PointLimits read_limits(Section& sweep);

}  // namespace myriad
