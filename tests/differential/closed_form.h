#pragma once
// A collective's time as written on paper: `steps` latencies and `share` = numerator / denominator of the buffer over
// one link. Neither engine is asked.

#include "sim/units/units.h"

#include <cstdint>

namespace myriad::test {

struct ClosedForm {
    std::int64_t steps = 0;
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;
    // Messages one after the other on the critical path: as many as steps, but for a pipeline.
    std::int64_t messages = 0;

    // In picoseconds.
    [[nodiscard]] double time(Bytes size, BytesPerSecond rate, Picoseconds alpha) const {
        return static_cast<double>(steps) * static_cast<double>(alpha.count()) +
               static_cast<double>(size.count()) * static_cast<double>(numerator) / static_cast<double>(denominator) /
                   static_cast<double>(rate.count()) * 1e12;
    }

    // What a real buffer may differ by: chunks are whole bytes (each message up to one byte more or less than its
    // share) and a message ends on a whole picosecond. Nothing else.
    [[nodiscard]] double rounding(BytesPerSecond rate) const {
        const auto count = static_cast<double>(messages > 0 ? messages : steps);
        return count * (1e12 / static_cast<double>(rate.count()) + 1.0);
    }
};

}  // namespace myriad::test
