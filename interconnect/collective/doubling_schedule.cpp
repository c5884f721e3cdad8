// Whole buffers are exchanged: one chunk, so nothing depends on sizes.

#include "interconnect/collective/doubling_schedule.h"

#include "sim/error/error.h"

#include <bit>

namespace myriad {

DoublingSchedule::DoublingSchedule(int ranks) : ranks_(ranks), steps_(std::countr_zero(static_cast<unsigned>(ranks))) {
    MYRIAD_CHECK(std::has_single_bit(static_cast<unsigned>(ranks)), "doubling needs a power of two of ranks");
}

}  // namespace myriad
