#pragma once
// A schedule cut into pieces that follow one another step by step: in step s, piece p is in step s - p of its own way.
// What a tree needs to use the links of all its levels at once. Its steps add up (lone_piece() is null): with several trees
// a rank low in one is high in another, so that it waits for what comes down late before it may send what goes up early.

#include "interconnect/collective/schedule.h"
#include "sim/units/units.h"

#include <memory>

namespace myriad {

class PipelinedSchedule final : public Schedule {
public:
    // Chunk i of piece p is chunk p * inner.chunks() + i.
    PipelinedSchedule(std::unique_ptr<Schedule> inner, int pieces);

    // About where filling the pipeline and the latency of each piece cost least together, which for d steps of latency
    // alpha and links of bandwidth B is at sqrt(d S / (alpha B)); d / (alpha B) is taken to be 1 / 2 KiB.
    // For size 0 some number for any size.
    [[nodiscard]] static int pieces_for(Bytes size);

    [[nodiscard]] int ranks() const override { return inner_->ranks(); }
    [[nodiscard]] int steps() const override { return inner_->steps() == 0 ? 0 : pieces_ + inner_->steps() - 1; }
    [[nodiscard]] std::int64_t chunks() const override { return pieces_ * inner_->chunks(); }
    void sends(int rank, int step, std::vector<Transfer>& out) const override;
    [[nodiscard]] int receives(int rank, int step) const override;
    [[nodiscard]] int pattern(int step) const override;

private:
    std::unique_ptr<Schedule> inner_;
    int pieces_;
};

}  // namespace myriad
