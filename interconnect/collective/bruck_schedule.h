#pragma once
// Bruck et al., "Efficient algorithms for all-to-all communications in multiport message-passing systems" (IEEE TPDS
// 1997), with one port: ceil(log2(n)) steps for any n.
//
//   all_gather  step k: rank r sends the min(2^k, n - 2^k) chunks that it has to r - 2^k. No byte moves twice.
//   all_to_all  step k: a block that has j ranks to go moves by 2^k where bit k of j is set. Each block moves about
//               log2(n) / 2 times: for small sizes.

#include "interconnect/collective/schedule.h"
#include "interconnect/network.h"

namespace myriad {

class BruckSchedule final : public Schedule {
public:
    BruckSchedule(CollectiveOp op, int ranks);  // all_gather or all_to_all

    [[nodiscard]] int ranks() const override { return ranks_; }
    [[nodiscard]] int steps() const override { return steps_; }
    [[nodiscard]] std::int64_t chunks() const override { return ranks_; }
    void sends(int rank, int step, std::vector<Transfer>& out) const override;
    [[nodiscard]] int receives(int, int) const override { return 1; }
    [[nodiscard]] int pattern(int step) const override { return step; }
    void blocks(int rank, int step, const Transfer& transfer, std::vector<Block>& out) const override;

private:
    bool gather_;
    int ranks_;
    int steps_;
};

}  // namespace myriad
