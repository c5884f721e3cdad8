#pragma once
// A schedule whose ranks stand in for others: a ring in another order, a grid whose dimensions have changed places.

#include "interconnect/collective/schedule.h"

#include <memory>
#include <vector>

namespace myriad {

class RelabelledSchedule final : public Schedule {
public:
    // Rank order[i] takes the part that `inner` gives to rank i; `order` is a permutation.
    RelabelledSchedule(std::unique_ptr<Schedule> inner, std::vector<int> order);

    [[nodiscard]] int ranks() const override { return inner_->ranks(); }
    [[nodiscard]] int steps() const override { return inner_->steps(); }
    [[nodiscard]] std::int64_t chunks() const override { return inner_->chunks(); }
    void sends(int rank, int step, std::vector<Transfer>& out) const override;
    [[nodiscard]] int receives(int rank, int step) const override { return inner_->receives(place_of(rank), step); }
    [[nodiscard]] int pattern(int step) const override { return inner_->pattern(step); }
    [[nodiscard]] std::int64_t chunk_of_rank(int rank, int part) const override {
        return inner_->chunk_of_rank(place_of(rank), part);
    }
    void blocks(int rank, int step, const Transfer& transfer, std::vector<Block>& out) const override;
    [[nodiscard]] std::unique_ptr<Schedule> lone_piece() const override;

private:
    [[nodiscard]] int place_of(int rank) const { return places_[static_cast<std::size_t>(rank)]; }
    [[nodiscard]] int rank_at(int place) const { return order_[static_cast<std::size_t>(place)]; }

    std::unique_ptr<Schedule> inner_;
    std::vector<int> order_;
    std::vector<int> places_;  // the inverse of order_
};

}  // namespace myriad
