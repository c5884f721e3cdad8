#pragma once
// One piece of data along one tree: summed up towards the root, level by level, and sent back the same way. The tree
// is stored: a few numbers a rank.

#include "interconnect/collective/schedule.h"
#include "interconnect/network.h"
#include "sim/units/units.h"

namespace myriad {

class TreeSchedule final : public Schedule {
public:
    // `op`: all_reduce, reduce or broadcast. parents[r] is the rank above r, the root's is itself; a cycle is a fault.
    TreeSchedule(CollectiveOp op, const std::vector<int>& parents);

    [[nodiscard]] int ranks() const override { return static_cast<int>(nodes_.size()); }
    [[nodiscard]] int steps() const override { return up_ + down_; }
    [[nodiscard]] std::int64_t chunks() const override { return 1; }
    void sends(int rank, int step, std::vector<Transfer>& out) const override;
    [[nodiscard]] int receives(int rank, int step) const override;
    [[nodiscard]] int pattern(int step) const override { return step; }

private:
    struct Node {
        int parent = 0;
        int depth = 0;
        int first_child = 0;  // in children_
        int child_count = 0;
    };

    std::vector<Node> nodes_;
    std::vector<int> children_;  // of all ranks, by parent
    int up_ = 0;                 // steps towards the root: the ranks at depth d send in step up_ - d
    int down_ = 0;               // and away from it: the ranks at depth d send in step up_ + d
};

// Two trees over the same ranks, each for half of the data, in which a rank has children in one at most (Sanders, Speck
// and Traeff, "Two-tree algorithms for full bandwidth broadcast, reduction and scan", 2009; NCCL since 2.4): every port
// sends and receives what it would in a ring, after log2(n) latencies instead of n. The first tree is the in-order
// binary tree over the distances from the root, the second the same over the distances moved on (even n) or counted
// backwards (odd n), so that leaves and inner nodes change places.
//
// `inside` ranks of a server (consecutive ranks; divides `ranks`) form a chain, and the trees are over servers: one pair
// of trees for each of up to eight of its ranks, which begins its chain there and meets the same rank of other servers.
// Pieces as PipelinedSchedule::pieces_for says of `size`.
[[nodiscard]] std::unique_ptr<Schedule> double_binary_tree(CollectiveOp op, int ranks, int inside, int root,
                                                           Bytes size);

}  // namespace myriad
