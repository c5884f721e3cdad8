// Pipelined chain. The rank at distance d from the root sends piece s - d in step s; the last rank sends nothing.

#include "interconnect/collective/chain_broadcast.h"

#include <algorithm>

namespace myriad {

namespace {
constexpr int kPiecesPerRank = 8;
constexpr int kPiecesMax = 4096;
}  // namespace

ChainBroadcast::ChainBroadcast(int ranks, int root) : ranks_(ranks), root_(root), pieces_(pieces_for(ranks)) {}

int ChainBroadcast::pieces_for(int ranks) { return std::clamp(kPiecesPerRank * (ranks - 1), 1, kPiecesMax); }

int ChainBroadcast::distance_of(int rank) const { return rank >= root_ ? rank - root_ : rank - root_ + ranks_; }

void ChainBroadcast::sends(int rank, int step, std::vector<Transfer>& out) const {
    out.clear();
    const int distance = distance_of(rank);
    const int piece = step - distance;
    if (distance < ranks_ - 1 && piece >= 0 && piece < pieces_) {
        out.push_back({rank + 1 == ranks_ ? 0 : rank + 1, piece, 1, false});
    }
}

int ChainBroadcast::receives(int rank, int step) const {
    const int distance = distance_of(rank);
    const int piece = step - (distance - 1);
    return distance > 0 && piece >= 0 && piece < pieces_ ? 1 : 0;
}

int ChainBroadcast::pattern(int step) const {
    // While the chain fills or drains every step has other senders; in between all are the same, with the number of
    // the first full (or, in a chain longer than its pieces, the first such) step.
    const int first_full = ranks_ - 2;
    const int last_full = pieces_ - 1;
    return step > first_full && step <= last_full ? first_full : step;
}

}  // namespace myriad
