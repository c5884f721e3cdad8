#pragma once
// What a few ranks do during a run, where no program tells spans (workloads/training/span.h): calls of collectives, kernels,
// flows and, from the transport, messages.

#include "app/timeline/lanes.h"
#include "interconnect/transport.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace myriad {

class RankLog final : public MessageWatcher {
public:
    struct Rank {
        std::int64_t rank = 0;
        CardId card{};
    };
    // Lanes that grow beyond `slices_most` draw short slices together.
    explicit RankLog(std::vector<Rank> ranks, std::size_t slices_most = 200'000);

    [[nodiscard]] const std::vector<Rank>& ranks() const { return ranks_; }
    [[nodiscard]] bool watches_card(CardId card) const { return place_of(card) != kNone; }
    [[nodiscard]] bool watches_rank(std::int64_t rank) const;

    // On the lane `lane` of the rank, or of the rank on the card; nothing where it is not watched.
    void add(std::int64_t rank, const std::string& lane, const Slice& slice);
    void add_of_card(CardId card, const std::string& lane, const Slice& slice);
    // A label that lives as long as the log.
    [[nodiscard]] std::string_view keep(const std::string& text) { return *texts_.insert(text).first; }

    void on_message(CardId from, CardId to, Bytes size, TimePoint posted, TimePoint arrived) override;

    // Rank by rank, in the order in which they were given; lanes in the order of their first slice, messages last.
    [[nodiscard]] std::vector<TimelineLane> lanes() const;

private:
    static constexpr std::size_t kNone = ~std::size_t{0};
    struct Lane {
        std::string name;
        std::vector<Slice> slices;
        Picoseconds resolution{0};
    };
    struct Lanes {
        std::vector<Lane> named;
        Lane sends{"messages sent", {}, {}};
        Lane receives{"messages received", {}, {}};
    };
    [[nodiscard]] std::size_t place_of(CardId card) const {
        return index(card) < place_of_card_.size() ? place_of_card_[index(card)] : kNone;
    }
    void put(std::size_t place, const std::string& lane, const Slice& slice);
    void append(Lane& lane, const Slice& slice) const;

    std::vector<Rank> ranks_;
    std::size_t slices_most_;
    std::vector<std::size_t> place_of_card_;  // by card
    std::vector<Lanes> lanes_;                // by place
    std::set<std::string> texts_;
};

// Evenly picked of 0 to `count` - 1, the first and the last among them.
[[nodiscard]] std::vector<std::int64_t> evenly(std::int64_t count, std::int64_t wanted);

}  // namespace myriad
