// Counted by the kernel for all threads of the process, children apart.

#include "sim/progress/host_cpu.h"

#include <time.h>  // NOLINT(modernize-deprecated-headers): clock_gettime of POSIX

namespace myriad {

HostDuration host_cpu() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

}  // namespace myriad
