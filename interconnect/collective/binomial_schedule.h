#pragma once
// The binomial tree, for any number of ranks: ceil(log2(n)) steps. The rank at distance v from the root (around the
// ring of ranks) has the ranks v + 2^k as children, for 2^k below the lowest set bit of v.
//
//   broadcast  the whole buffer to the farthest child first; reduce is the mirror image
//   scatter    to each child what is for its subtree; gather is the mirror image

#include "interconnect/collective/schedule.h"
#include "interconnect/network.h"

namespace myriad {

class BinomialSchedule final : public Schedule {
public:
    BinomialSchedule(CollectiveOp op, int ranks, int root);  // broadcast, reduce, scatter or gather

    [[nodiscard]] int ranks() const override { return ranks_; }
    [[nodiscard]] int steps() const override { return steps_; }
    [[nodiscard]] std::int64_t chunks() const override { return whole_ ? 1 : ranks_; }
    void sends(int rank, int step, std::vector<Transfer>& out) const override;
    [[nodiscard]] int receives(int rank, int step) const override;
    [[nodiscard]] int pattern(int step) const override { return step; }

private:
    [[nodiscard]] int distance_of(int rank) const { return rank >= root_ ? rank - root_ : rank - root_ + ranks_; }
    // From parent to child of a step.
    [[nodiscard]] int hop(int step) const { return 1 << (outwards_ ? steps_ - 1 - step : step); }
    [[nodiscard]] bool is_parent(int distance, int hop) const {
        return distance % (2 * hop) == 0 && distance + hop < ranks_;
    }

    CollectiveOp op_;
    int ranks_;
    int root_;
    int steps_;
    bool whole_;
    bool outwards_;
};

}  // namespace myriad
