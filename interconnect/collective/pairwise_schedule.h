#pragma once
// All_to_all as n - 1 steps in each of which a rank sends one block and receives one: with partner rank xor k where n
// is a power of two, else to rank + k and from rank - k. (n - 1)(alpha + S/(nB)); in each step every port is used once.

#include "interconnect/collective/schedule.h"

namespace myriad {

class PairwiseSchedule final : public Schedule {
public:
    explicit PairwiseSchedule(int ranks);

    [[nodiscard]] int ranks() const override { return ranks_; }
    [[nodiscard]] int steps() const override { return ranks_ - 1; }
    [[nodiscard]] std::int64_t chunks() const override { return ranks_; }
    void sends(int rank, int step, std::vector<Transfer>& out) const override;
    [[nodiscard]] int receives(int, int) const override { return 1; }
    [[nodiscard]] int pattern(int step) const override { return step; }

private:
    int ranks_;
    bool exchange_;
};

}  // namespace myriad
