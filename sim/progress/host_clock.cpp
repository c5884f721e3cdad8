// The monotonic clock of the host: it may run at a slightly wrong rate, but it never jumps.

#include "sim/progress/host_clock.h"

namespace myriad {

HostDuration host_now() {
    return std::chrono::duration_cast<HostDuration>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace myriad
