#pragma once
// A schedule of the user's own, transfer by transfer. Stored whole: for the few ranks that somebody writes down.

#include "interconnect/collective/schedule.h"
#include "interconnect/network.h"

#include <string>

namespace myriad {

struct ListedTransfer {
    int step = 0;
    int from = 0;
    Transfer transfer;
};

// What a file of `kind: schedule` says. Which chunks a rank owns where the operation gives it some (all_gather,
// reduce_scatter, gather, scatter; chunks is then a multiple of ranks): chunk c belongs to rank c mod ranks. In an
// all_to_all a block goes straight to where it belongs: chunk d of rank s is what s has for d.
struct ScheduleListing {
    std::string name;
    CollectiveOp op = CollectiveOp::all_reduce;
    int ranks = 1;
    int root = 0;
    int steps = 0;
    std::int64_t chunks = 1;
    std::vector<ListedTransfer> transfers;
};

class ListedSchedule final : public Schedule {
public:
    // The steps and peers of the listing must be within its bounds; whether it keeps its promise, prove() tells.
    explicit ListedSchedule(const ScheduleListing& listing);

    [[nodiscard]] int ranks() const override { return ranks_; }
    [[nodiscard]] int steps() const override { return steps_; }
    [[nodiscard]] std::int64_t chunks() const override { return chunks_; }
    void sends(int rank, int step, std::vector<Transfer>& out) const override;
    [[nodiscard]] int receives(int rank, int step) const override { return receives_[place(rank, step)]; }
    [[nodiscard]] int pattern(int step) const override { return step; }

private:
    [[nodiscard]] std::size_t place(int rank, int step) const {
        return static_cast<std::size_t>(step) * static_cast<std::size_t>(ranks_) + static_cast<std::size_t>(rank);
    }

    int ranks_;
    int steps_;
    std::int64_t chunks_;
    std::vector<Transfer> transfers_;  // by step and rank
    std::vector<std::size_t> first_;   // by step and rank, one more at the end
    std::vector<int> receives_;        // by step and rank
};

// The whole of any schedule as a listing: for a file that shows what an algorithm does. Only operations other than
// all_to_all, whose blocks have names of their own.
[[nodiscard]] ScheduleListing listing_of(const Schedule& schedule, CollectiveOp op, int root, std::string name);

}  // namespace myriad
