#pragma once
// Any number of ranks for a schedule that needs a power of two: of n = 2^k + r ranks, the first 2r stand in pairs, of
// which the even one hands its data to the odd one before and gets the result from it after (as MPICH does).
//
// What the fold costs, S the size, B the bandwidth, alpha the latency: all_reduce and broadcast alpha + S/B before
// (broadcast: only when the root is an even one) and alpha + S/B after; the others their mirror images or parts.

#include "interconnect/collective/schedule.h"
#include "interconnect/network.h"

#include <memory>

namespace myriad {

class FoldedSchedule final : public Schedule {
public:
    enum class Fold : std::uint8_t {
        whole,   // the even one sends all, the odd one adds
        halves,  // each sends the other one half and adds its own, then the even one sends its sum: a step more and half
                 // the additions (Rabenseifner). Operations that add, and an even number of chunks
    };
    // `core`: the same operation among the largest power of two of ranks that is at most `ranks`, with chunks in order
    // of ranks, ranges that do not wrap around, and core_root() as its root. Not for all_to_all.
    FoldedSchedule(CollectiveOp op, int ranks, int root, std::unique_ptr<Schedule> core, Fold fold);

    [[nodiscard]] static int core_ranks(int ranks);
    [[nodiscard]] static int core_root(int ranks, int root);

    [[nodiscard]] int ranks() const override { return ranks_; }
    [[nodiscard]] int steps() const override { return before_ + core_->steps() + after_; }
    [[nodiscard]] std::int64_t chunks() const override { return owned_ ? ranks_ : core_->chunks(); }
    void sends(int rank, int step, std::vector<Transfer>& out) const override;
    [[nodiscard]] int receives(int rank, int step) const override;
    [[nodiscard]] int pattern(int step) const override;

private:
    [[nodiscard]] bool in_pair(int rank) const { return rank < 2 * folded_; }
    [[nodiscard]] int core_rank(int rank) const { return in_pair(rank) ? rank / 2 : rank - folded_; }
    [[nodiscard]] int outer_rank(int core_rank) const {
        return core_rank < folded_ ? 2 * core_rank + 1 : core_rank + folded_;
    }
    [[nodiscard]] std::int64_t outer_chunk(std::int64_t core_chunk) const;
    void fold_sends(int rank, int step, std::vector<Transfer>& out) const;
    void unfold_sends(int rank, std::vector<Transfer>& out) const;

    CollectiveOp op_;
    int ranks_;
    int root_;
    int folded_;  // pairs
    std::unique_ptr<Schedule> core_;
    Fold fold_;
    bool owned_;  // every rank has a chunk of its own
    int before_ = 0;
    int after_ = 0;
};

}  // namespace myriad
