#pragma once
// Broadcast along the ring as a pipeline, the form that NCCL uses: the root's buffer goes piece by piece to the next
// rank, which passes each piece on as soon as it is there. With c pieces over n ranks and no contention it takes
// (n - 1) * latency + (c + n - 2) / c * size / bandwidth.

#include "interconnect/collective/schedule.h"

namespace myriad {

class ChainBroadcast final : public Schedule {
public:
    ChainBroadcast(int ranks, int root);

    // Enough pieces that filling the pipeline costs about an eighth of the time; the limit keeps long chains cheap to
    // simulate.
    [[nodiscard]] static int pieces_for(int ranks);

    [[nodiscard]] int ranks() const override { return ranks_; }
    [[nodiscard]] int steps() const override { return ranks_ == 1 ? 0 : pieces_ + ranks_ - 2; }
    [[nodiscard]] std::int64_t chunks() const override { return pieces_; }
    void sends(int rank, int step, std::vector<Transfer>& out) const override;
    [[nodiscard]] int receives(int rank, int step) const override;
    [[nodiscard]] int pattern(int step) const override;
    [[nodiscard]] bool pipelined() const override { return true; }

private:
    [[nodiscard]] int distance_of(int rank) const;

    int ranks_;
    int root_;
    int pieces_;
};

}  // namespace myriad
