// Ranks are renamed on the way in and peers on the way out; chunks keep their numbers.

#include "interconnect/collective/relabelled_schedule.h"

#include "sim/error/error.h"

namespace myriad {

RelabelledSchedule::RelabelledSchedule(std::unique_ptr<Schedule> inner, std::vector<int> order)
    : inner_(std::move(inner)), order_(std::move(order)), places_(order_.size(), -1) {
    MYRIAD_CHECK(static_cast<int>(order_.size()) == inner_->ranks(), "a label for each rank");
    for (std::size_t place = 0; place < order_.size(); ++place) {
        const int rank = order_[place];
        MYRIAD_CHECK(rank >= 0 && rank < inner_->ranks() && place_of(rank) == -1, "labels are a permutation");
        places_[static_cast<std::size_t>(rank)] = static_cast<int>(place);
    }
}

void RelabelledSchedule::sends(int rank, int step, std::vector<Transfer>& out) const {
    inner_->sends(place_of(rank), step, out);
    for (Transfer& transfer : out) {
        transfer.peer = rank_at(transfer.peer);
    }
}

void RelabelledSchedule::blocks(int rank, int step, const Transfer& transfer, std::vector<Block>& out) const {
    Transfer original = transfer;
    original.peer = place_of(transfer.peer);
    inner_->blocks(place_of(rank), step, original, out);
    for (Block& block : out) {
        block.source = rank_at(block.source);
        block.destination = rank_at(block.destination);
    }
}

std::unique_ptr<Schedule> RelabelledSchedule::lone_piece() const {
    auto piece = inner_->lone_piece();
    return piece == nullptr ? nullptr : std::make_unique<RelabelledSchedule>(std::move(piece), order_);
}

}  // namespace myriad
