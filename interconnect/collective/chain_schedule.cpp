// Pipelined chain. The rank at distance d from the first one sends piece s - d in step s; the last rank sends nothing.

#include "interconnect/collective/chain_schedule.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {

namespace {
constexpr int kPiecesPerRank = 8;
constexpr int kPiecesMax = 4096;
}  // namespace

ChainSchedule::ChainSchedule(CollectiveOp op, int ranks, int root, int pieces)
    : op_(op),
      ranks_(ranks),
      root_(root),
      first_(op == CollectiveOp::reduce ? (root + 1) % ranks : root),
      pieces_(pieces > 0 ? pieces : pieces_for(ranks)) {
    MYRIAD_CHECK(op == CollectiveOp::reduce || op == CollectiveOp::broadcast, "a chain broadcasts or reduces");
}

std::unique_ptr<Schedule> ChainSchedule::lone_piece() const {
    return pieces_ > 1 && ranks_ > 1 ? std::make_unique<ChainSchedule>(op_, ranks_, root_, 1) : nullptr;
}

int ChainSchedule::pieces_for(int ranks) { return std::clamp(kPiecesPerRank * (ranks - 1), 1, kPiecesMax); }

int ChainSchedule::distance_of(int rank) const { return rank >= first_ ? rank - first_ : rank - first_ + ranks_; }

void ChainSchedule::sends(int rank, int step, std::vector<Transfer>& out) const {
    out.clear();
    const int distance = distance_of(rank);
    const int piece = step - distance;
    if (distance < ranks_ - 1 && piece >= 0 && piece < pieces_) {
        out.push_back({rank + 1 == ranks_ ? 0 : rank + 1, piece, 1, op_ == CollectiveOp::reduce});
    }
}

int ChainSchedule::receives(int rank, int step) const {
    const int distance = distance_of(rank);
    const int piece = step - (distance - 1);
    return distance > 0 && piece >= 0 && piece < pieces_ ? 1 : 0;
}

int ChainSchedule::pattern(int step) const {
    // While the chain fills or drains every step has other senders; in between all are the same, with the number of
    // the first full (or, in a chain longer than its pieces, the first such) step.
    const int first_full = ranks_ - 2;
    const int last_full = pieces_ - 1;
    return step > first_full && step <= last_full ? first_full : step;
}

}  // namespace myriad
