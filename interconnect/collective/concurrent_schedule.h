#pragma once
// Several schedules at once, each on an equal share of the data: channels of a communication library, both directions
// of a ring, rows and columns of a grid at the same time. Step k runs step k of every one of them; a rank enters step
// k + 1 when it has what all of them send to it in step k.
//
// Chains side by side are no pipeline of their own (lone_piece() is null): one that goes the other way makes a rank wait.
//
// Of j schedules of c chunks each, chunk i of the p-th is chunk p * c + i of j * c: its part of the buffer is
// contiguous.

#include "interconnect/collective/schedule.h"

#include <memory>
#include <vector>

namespace myriad {

class ConcurrentSchedule final : public Schedule {
public:
    // One or more, all of the same number of ranks and of chunks. Ranges of chunks must not wrap around, but for an
    // all_to_all, where they only say how many bytes move.
    explicit ConcurrentSchedule(std::vector<std::unique_ptr<Schedule>> parts);

    [[nodiscard]] int ranks() const override { return parts_.front()->ranks(); }
    [[nodiscard]] int steps() const override { return static_cast<int>(patterns_.size()); }
    [[nodiscard]] std::int64_t chunks() const override {
        return part_chunks_ * static_cast<std::int64_t>(parts_.size());
    }
    void sends(int rank, int step, std::vector<Transfer>& out) const override;
    [[nodiscard]] int receives(int rank, int step) const override;
    [[nodiscard]] int pattern(int step) const override { return patterns_[static_cast<std::size_t>(step)]; }
    [[nodiscard]] std::int64_t chunk_of_rank(int rank, int part) const override;
    void blocks(int rank, int step, const Transfer& transfer, std::vector<Block>& out) const override;

private:
    [[nodiscard]] Transfer placed(Transfer transfer, std::size_t part) const;

    std::vector<std::unique_ptr<Schedule>> parts_;
    std::int64_t part_chunks_ = 0;
    std::vector<int> patterns_;  // by step
};

}  // namespace myriad
