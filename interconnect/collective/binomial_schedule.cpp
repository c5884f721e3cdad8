// Subtrees are ranges of distances from the root, so that what is for one is one range of chunks (around the end).

#include "interconnect/collective/binomial_schedule.h"

#include "sim/error/error.h"

#include <algorithm>
#include <bit>

namespace myriad {

BinomialSchedule::BinomialSchedule(CollectiveOp op, int ranks, int root)
    : op_(op),
      ranks_(ranks),
      root_(root),
      steps_(static_cast<int>(std::bit_width(static_cast<unsigned>(ranks - 1)))),
      whole_(op == CollectiveOp::broadcast || op == CollectiveOp::reduce),
      outwards_(op == CollectiveOp::broadcast || op == CollectiveOp::scatter) {
    MYRIAD_CHECK(has_root(op), "a tree has a root");
}

void BinomialSchedule::sends(int rank, int step, std::vector<Transfer>& out) const {
    out.clear();
    const int mine = distance_of(rank);
    const int hop_length = hop(step);
    const bool sender = outwards_ ? is_parent(mine, hop_length) : mine % (2 * hop_length) == hop_length;
    if (!sender) {
        return;
    }
    const int child = outwards_ ? mine + hop_length : mine;
    const int peer = (rank + (outwards_ ? hop_length : ranks_ - hop_length)) % ranks_;
    if (whole_) {
        out.push_back({peer, 0, 1, op_ == CollectiveOp::reduce});
    } else {
        out.push_back({peer, (root_ + child) % ranks_, std::min(hop_length, ranks_ - child), false});
    }
}

int BinomialSchedule::receives(int rank, int step) const {
    const int mine = distance_of(rank);
    const int hop_length = hop(step);
    const bool receiver = outwards_ ? mine % (2 * hop_length) == hop_length : is_parent(mine, hop_length);
    return receiver ? 1 : 0;
}

}  // namespace myriad
