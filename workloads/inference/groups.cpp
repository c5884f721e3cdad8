// Groups are created kind by kind in the order of their numbers, so that communicators come in one order in every run.

#include "workloads/inference/groups.h"

#include <fmt/core.h>

#include <functional>
#include <utility>

namespace myriad {
namespace {

class SeatMaker {
public:
    SeatMaker(const Layout& layout, const ExpertLoads& loads, const std::vector<CardId>& placement, Network& network)
        : layout_(layout), loads_(loads), placement_(placement), network_(network) {
        seats_.resize(placement.size());
        taken_.resize(placement.size());
    }

    void make_lists(GroupKind kind) {
        for (std::int64_t number = 0; layout_.size(kind) > 1 && number < layout_.groups(kind); ++number) {
            seat(kind, number, {}, [kind](InferenceSeats& seats, const Member& member) {
                seats.of[static_cast<std::size_t>(kind)] = member;
            });
        }
    }

    // A communicator a sample and direction: blocks are a property of the group.
    void make_uneven() {
        const std::int64_t ranks = layout_.size(GroupKind::expert);
        for (std::int64_t number = 0; ranks > 1 && number < layout_.groups(GroupKind::expert); ++number) {
            for (int sample = 0; sample < loads_.samples(); ++sample) {
                const std::vector<std::int64_t>& copies = loads_.counts(number, sample).copies;
                seat(GroupKind::expert, number, copies,
                     [](InferenceSeats& seats, const Member& member) { seats.dispatch.push_back(member); });
                seat(GroupKind::expert, number, transposed(copies, ranks),
                     [](InferenceSeats& seats, const Member& member) { seats.combine.push_back(member); });
            }
        }
    }

    [[nodiscard]] std::vector<InferenceSeats> take() && { return std::move(seats_); }

private:
    using Take = std::function<void(InferenceSeats&, const Member&)>;

    void seat(GroupKind kind, std::int64_t number, const std::vector<std::int64_t>& weights, const Take& take) {
        const std::vector<std::int64_t> ranks = layout_.members(kind, number);
        CommunicatorSpec spec;
        spec.name = fmt::format("{}[{}]", name_of(kind), number);
        spec.dimension = name_of(kind);
        spec.block_weights = weights;
        for (const std::int64_t rank : ranks) {
            spec.cards.push_back(placement_[static_cast<std::size_t>(rank)]);
        }
        const CommunicatorId id = network_.create_communicator(std::move(spec));
        for (std::size_t i = 0; i < ranks.size(); ++i) {
            const auto rank = static_cast<std::size_t>(ranks[i]);
            take(seats_[rank], {id, static_cast<int>(i), taken_[rank]++});
        }
    }

    static std::vector<std::int64_t> transposed(const std::vector<std::int64_t>& counts, std::int64_t ranks) {
        std::vector<std::int64_t> result(counts.size());
        for (std::int64_t r = 0; r < ranks; ++r) {
            for (std::int64_t c = 0; c < ranks; ++c) {
                result[static_cast<std::size_t>(c * ranks + r)] = counts[static_cast<std::size_t>(r * ranks + c)];
            }
        }
        return result;
    }

    const Layout& layout_;
    const ExpertLoads& loads_;
    const std::vector<CardId>& placement_;
    Network& network_;
    std::vector<InferenceSeats> seats_;
    std::vector<std::uint16_t> taken_;  // by rank
};

}  // namespace

std::vector<InferenceSeats> create_seats(const Layout& layout, const ExpertLoads& loads, bool experts,
                                         const std::vector<CardId>& placement, Network& network) {
    SeatMaker maker(layout, loads, placement, network);
    maker.make_lists(GroupKind::tensor);
    if (experts) {
        maker.make_lists(GroupKind::expert_tensor);
        if (loads.uneven()) {
            maker.make_uneven();
        } else {
            maker.make_lists(GroupKind::expert);
        }
    }
    return std::move(maker).take();
}

}  // namespace myriad
