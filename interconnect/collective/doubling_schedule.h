#pragma once
// Recursive doubling of all_reduce for a power of two of ranks: in step k everyone exchanges its whole buffer with the
// rank at distance 2^k and adds. log2(n) (alpha + S/B): the fewest latencies, for small sizes. FoldedSchedule takes it
// to any number of ranks.

#include "interconnect/collective/schedule.h"

namespace myriad {

class DoublingSchedule final : public Schedule {
public:
    explicit DoublingSchedule(int ranks);

    [[nodiscard]] int ranks() const override { return ranks_; }
    [[nodiscard]] int steps() const override { return steps_; }
    [[nodiscard]] std::int64_t chunks() const override { return 1; }
    void sends(int rank, int step, std::vector<Transfer>& out) const override {
        out = {{rank ^ 1 << step, 0, 1, true}};
    }
    [[nodiscard]] int receives(int, int) const override { return 1; }
    [[nodiscard]] int pattern(int step) const override { return step; }

private:
    int ranks_;
    int steps_;
};

}  // namespace myriad
