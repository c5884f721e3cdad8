// Transfers sorted by step and sender, in the order of the file where both are equal.

#include "interconnect/collective/listed_schedule.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {

ListedSchedule::ListedSchedule(const ScheduleListing& listing)
    : ranks_(listing.ranks),
      steps_(listing.steps),
      chunks_(listing.chunks),
      receives_(static_cast<std::size_t>(listing.ranks) * static_cast<std::size_t>(listing.steps)) {
    std::vector<ListedTransfer> sorted = listing.transfers;
    std::stable_sort(sorted.begin(), sorted.end(), [this](const ListedTransfer& a, const ListedTransfer& b) {
        return place(a.from, a.step) < place(b.from, b.step);
    });
    first_.resize(receives_.size() + 1);
    for (const ListedTransfer& listed : sorted) {
        const int peer = listed.transfer.peer;
        MYRIAD_CHECK(listed.step >= 0 && listed.step < steps_ && listed.from >= 0 && listed.from < ranks_ &&
                         peer >= 0 && peer < ranks_,
                     "a listed transfer is between two ranks in a step");
        transfers_.push_back(listed.transfer);
        ++first_[place(listed.from, listed.step) + 1];
        ++receives_[place(peer, listed.step)];
    }
    for (std::size_t i = 1; i < first_.size(); ++i) {
        first_[i] += first_[i - 1];
    }
}

void ListedSchedule::sends(int rank, int step, std::vector<Transfer>& out) const {
    const auto begin = transfers_.begin();
    const std::size_t at = place(rank, step);
    out.assign(begin + static_cast<std::ptrdiff_t>(first_[at]), begin + static_cast<std::ptrdiff_t>(first_[at + 1]));
}

ScheduleListing listing_of(const Schedule& schedule, CollectiveOp op, int root, std::string name) {
    MYRIAD_CHECK(op != CollectiveOp::all_to_all, "the blocks of an all_to_all are not listed");
    ScheduleListing listing{std::move(name), op, schedule.ranks(), root, schedule.steps(), schedule.chunks(), {}};
    std::vector<Transfer> transfers;
    for (int step = 0; step < schedule.steps(); ++step) {
        for (int rank = 0; rank < schedule.ranks(); ++rank) {
            schedule.sends(rank, step, transfers);
            for (const Transfer& transfer : transfers) {
                listing.transfers.push_back({step, rank, transfer});
            }
        }
    }
    return listing;
}

}  // namespace myriad
