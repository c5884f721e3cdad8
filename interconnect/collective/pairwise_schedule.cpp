// Partners by xor exchange with each other; by shift a rank sends to one and receives from another.

#include "interconnect/collective/pairwise_schedule.h"

#include <bit>

namespace myriad {

PairwiseSchedule::PairwiseSchedule(int ranks)
    : ranks_(ranks), exchange_(std::has_single_bit(static_cast<unsigned>(ranks))) {}

void PairwiseSchedule::sends(int rank, int step, std::vector<Transfer>& out) const {
    const int peer = exchange_ ? rank ^ (step + 1) : (rank + step + 1) % ranks_;
    out = {{peer, peer, 1, false}};
}

}  // namespace myriad
