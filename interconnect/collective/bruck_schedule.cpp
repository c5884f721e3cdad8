// A transfer of an all_to_all is numbered from chunk 0 on: only how many blocks move matters for its bytes.

#include "interconnect/collective/bruck_schedule.h"

#include "sim/error/error.h"

#include <algorithm>
#include <bit>

namespace myriad {

BruckSchedule::BruckSchedule(CollectiveOp op, int ranks)
    : gather_(op == CollectiveOp::all_gather),
      ranks_(ranks),
      steps_(static_cast<int>(std::bit_width(static_cast<unsigned>(ranks - 1)))) {
    MYRIAD_CHECK(gather_ || op == CollectiveOp::all_to_all, "Bruck's algorithms are all_gather and all_to_all");
}

void BruckSchedule::sends(int rank, int step, std::vector<Transfer>& out) const {
    const int distance = 1 << step;
    if (gather_) {
        const int peer = rank >= distance ? rank - distance : rank - distance + ranks_;
        out = {{peer, rank, std::min(distance, ranks_ - distance), false}};
        return;
    }
    // Numbers below n with bit `step` set: half of each full period, and what the last one has of its upper half.
    const int count = ranks_ / (2 * distance) * distance + std::max(0, ranks_ % (2 * distance) - distance);
    out = {{(rank + distance) % ranks_, 0, count, false}};
}

void BruckSchedule::blocks(int rank, int step, const Transfer&, std::vector<Block>& out) const {
    out.clear();
    const int distance = 1 << step;
    for (int hops = distance; hops < ranks_; ++hops) {
        if ((hops & distance) != 0) {
            // The lower bits are behind it already.
            const int source = (rank - hops % distance + ranks_) % ranks_;
            out.push_back({source, (source + hops) % ranks_});
        }
    }
}

}  // namespace myriad
