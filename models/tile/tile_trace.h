#pragma once
// Who wants to see waves: told of every interval in which something of a card was busy while one kernel runs.

#include "sim/units/units.h"

#include <cstdint>

namespace myriad {

enum class TraceLane : std::uint8_t { tensor, vector, load, store, tile };

class TileTrace {
public:
    virtual ~TileTrace() = default;
    // `core` was busy with `step` of `tile` in [begin, end); load and store: `bytes` asked for at begin and there at end.
    virtual void interval(TraceLane lane, std::int64_t core, std::int64_t tile, std::int64_t step, TimePoint begin,
                          TimePoint end, Bytes bytes) = 0;
    // HBM and cache in the representative share: busy in [begin, end).
    virtual void memory(bool hbm, bool write, TimePoint begin, TimePoint end, Bytes bytes) = 0;
};

}  // namespace myriad
