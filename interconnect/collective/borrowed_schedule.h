#pragma once
// Somebody else's schedule, which must outlive this one.

#include "interconnect/collective/schedule.h"

namespace myriad {

class BorrowedSchedule : public Schedule {
public:
    explicit BorrowedSchedule(const Schedule& lender) : lender_(lender) {}

    [[nodiscard]] int ranks() const override { return lender_.ranks(); }
    [[nodiscard]] int steps() const override { return lender_.steps(); }
    [[nodiscard]] std::int64_t chunks() const override { return lender_.chunks(); }
    void sends(int rank, int step, std::vector<Transfer>& out) const override { lender_.sends(rank, step, out); }
    [[nodiscard]] int receives(int rank, int step) const override { return lender_.receives(rank, step); }
    [[nodiscard]] int pattern(int step) const override { return lender_.pattern(step); }
    [[nodiscard]] std::int64_t chunk_of_rank(int rank, int part) const override {
        return lender_.chunk_of_rank(rank, part);
    }
    void blocks(int rank, int step, const Transfer& transfer, std::vector<Block>& out) const override {
        lender_.blocks(rank, step, transfer, out);
    }
    [[nodiscard]] std::int64_t chunks_of_block(int source, int destination) const override {
        return lender_.chunks_of_block(source, destination);
    }

private:
    const Schedule& lender_;
};

}  // namespace myriad
