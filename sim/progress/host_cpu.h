#pragma once
// Processor time of this process since it began: like the host's clock nothing for a result.

#include "sim/progress/host_clock.h"

namespace myriad {

[[nodiscard]] HostDuration host_cpu();

}  // namespace myriad
