#pragma once
// Broadcast or reduce along the ring as a pipeline, the form that NCCL uses: a buffer goes piece by piece to the next
// rank, which passes each piece on as soon as it is there. A broadcast begins at the root; a reduce begins behind it,
// goes once around and ends at the root, every rank adding its own. With c pieces over n ranks and no contention it
// takes (n - 1) * latency + (c + n - 2) / c * size / bandwidth.

#include "interconnect/collective/schedule.h"
#include "interconnect/network.h"

#include <memory>

namespace myriad {

class ChainSchedule final : public Schedule {
public:
    // `op` is broadcast or reduce; `pieces` 0: as many as pieces_for says.
    ChainSchedule(CollectiveOp op, int ranks, int root, int pieces = 0);

    // Enough pieces that filling the pipeline costs about an eighth of the time; the limit keeps long chains cheap to
    // simulate.
    [[nodiscard]] static int pieces_for(int ranks);

    [[nodiscard]] int ranks() const override { return ranks_; }
    [[nodiscard]] int steps() const override { return ranks_ == 1 ? 0 : pieces_ + ranks_ - 2; }
    [[nodiscard]] std::int64_t chunks() const override { return pieces_; }
    void sends(int rank, int step, std::vector<Transfer>& out) const override;
    [[nodiscard]] int receives(int rank, int step) const override;
    [[nodiscard]] int pattern(int step) const override;
    [[nodiscard]] std::unique_ptr<Schedule> lone_piece() const override;

private:
    [[nodiscard]] int distance_of(int rank) const;  // along the chain

    CollectiveOp op_;
    int ranks_;
    int root_;
    int first_;  // rank at which the chain begins
    int pieces_;
};

}  // namespace myriad
