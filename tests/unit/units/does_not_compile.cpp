// Compiled once with no FORBIDDEN_ macro (must compile) and once with each (must not): see CMakeLists.txt.
#include "sim/units/units.h"

using namespace myriad;

int main() {
    [[maybe_unused]] Bytes size{4096};
    [[maybe_unused]] BytesPerSecond rate{50'000'000'000};
    [[maybe_unused]] Flop work{1.0};
    [[maybe_unused]] Picoseconds time = transfer_time_ceil(size, rate);
#if defined(FORBIDDEN_ADD_BYTES_TO_TIME)
    time = time + size;
#elif defined(FORBIDDEN_IMPLICIT_BYTES)
    Bytes wrong = 4096;
#elif defined(FORBIDDEN_BANDWIDTH_AS_BYTES)
    size = rate;
#elif defined(FORBIDDEN_COMPARE_FLOP_TO_BYTES)
    return work < size;
#elif defined(FORBIDDEN_INTEGER_AS_TIME_POINT)
    TimePoint wrong = 5;
#endif
    return 0;
}
