// A lane that is full is made coarser, twice as coarse each time, until half of it is free.

#include "app/activity/rank_log.h"

#include <algorithm>

namespace myriad {

RankLog::RankLog(std::vector<Rank> ranks, std::size_t slices_most)
    : ranks_(std::move(ranks)), slices_most_(slices_most), lanes_(ranks_.size()) {
    for (std::size_t place = 0; place < ranks_.size(); ++place) {
        const std::uint32_t card = index(ranks_[place].card);
        if (card >= place_of_card_.size()) {
            place_of_card_.resize(std::size_t{card} + 1, kNone);
        }
        place_of_card_[card] = place;
    }
}

bool RankLog::watches_rank(std::int64_t rank) const {
    return std::any_of(ranks_.begin(), ranks_.end(), [&](const Rank& watched) { return watched.rank == rank; });
}

void RankLog::add(std::int64_t rank, const std::string& lane, const Slice& slice) {
    for (std::size_t place = 0; place < ranks_.size(); ++place) {
        if (ranks_[place].rank == rank) {
            put(place, lane, slice);
        }
    }
}

void RankLog::add_of_card(CardId card, const std::string& lane, const Slice& slice) {
    if (const std::size_t place = place_of(card); place != kNone) {
        put(place, lane, slice);
    }
}

void RankLog::put(std::size_t place, const std::string& lane, const Slice& slice) {
    std::vector<Lane>& named = lanes_[place].named;
    auto found = std::find_if(named.begin(), named.end(), [&](const Lane& known) { return known.name == lane; });
    if (found == named.end()) {
        found = named.insert(named.end(), Lane{lane, {}, {}});
    }
    append(*found, slice);
}

void RankLog::on_message(CardId from, CardId to, Bytes size, TimePoint posted, TimePoint arrived) {
    const std::size_t sender = place_of(from);
    const std::size_t receiver = place_of(to);
    if (sender == kNone && receiver == kNone) {
        return;
    }
    Slice slice;
    slice.begin = posted;
    slice.end = arrived;
    slice.label = "message";
    slice.kind = "message";
    slice.bytes = size.count();
    if (sender != kNone) {
        slice.to_card = index(to);
        append(lanes_[sender].sends, slice);
        slice.to_card = -1;
    }
    if (receiver != kNone) {
        slice.from_card = index(from);
        append(lanes_[receiver].receives, slice);
    }
}

void RankLog::append(Lane& lane, const Slice& slice) const {
    if (slice.end <= slice.begin) {
        return;
    }
    lane.slices.push_back(slice);
    while (lane.slices.size() > slices_most_) {
        const bool fits = lane.resolution.count() > 0;
        lane.resolution = fits ? lane.resolution * 2 : Picoseconds{1000};
        std::stable_sort(lane.slices.begin(), lane.slices.end(),
                         [](const Slice& a, const Slice& b) { return a.begin < b.begin; });
        SliceList list;
        for (const Slice& one : lane.slices) {
            list.add(one);
        }
        std::vector<Slice> joined = list.joined(lane.resolution);
        if (joined.size() <= slices_most_ / 2) {
            lane.slices = std::move(joined);
        }
    }
}

std::vector<TimelineLane> RankLog::lanes() const {
    std::vector<TimelineLane> result;
    for (std::size_t place = 0; place < ranks_.size(); ++place) {
        const auto add = [&](const Lane& lane) {
            if (!lane.slices.empty()) {
                result.push_back({ranks_[place].rank, lane.name, lane.slices});
            }
        };
        for (const Lane& lane : lanes_[place].named) {
            add(lane);
        }
        add(lanes_[place].sends);
        add(lanes_[place].receives);
    }
    return result;
}

std::vector<std::int64_t> evenly(std::int64_t count, std::int64_t wanted) {
    const std::int64_t picked = std::min(count, wanted);
    std::vector<std::int64_t> result;
    for (std::int64_t i = 0; i < picked; ++i) {
        result.push_back(picked == count ? i : picked == 1 ? 0 : i * (count - 1) / (picked - 1));
    }
    return result;
}

}  // namespace myriad
