#pragma once
// Bytes that passed each level of one card or of several: what the laws of the live level compare and results show.

#include "sim/units/units.h"

#include <cstdint>

namespace myriad {

struct LiveTraffic {
    Bytes core_read;  // asked by cores, on this card and on others
    Bytes core_written;
    Bytes remote_read;  // of those, on other cards
    Bytes remote_written;
    Bytes served_read;  // for other cards
    Bytes served_written;
    Bytes flags;  // raised on other cards
    Bytes slice_read;
    Bytes slice_written;
    Bytes slice_hit;
    Bytes slice_hbm_read;  // what slices asked of HBM
    Bytes slice_hbm_written;
    Bytes hbm_read;  // what HBM counted
    Bytes hbm_written;

    LiveTraffic& operator+=(const LiveTraffic& other) { return combine(other, 1); }
    LiveTraffic& operator-=(const LiveTraffic& other) { return combine(other, -1); }

private:
    LiveTraffic& combine(const LiveTraffic& other, std::int64_t sign);
};

}  // namespace myriad
