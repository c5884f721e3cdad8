// The pipeline by roles: a helper that feeds the switch, the switch that adds, the rank itself, the switch that
// multicasts, a helper that takes in. Each role hears from one other only, so nobody waits for a latency twice.

#include "interconnect/collective/in_network_schedule.h"

#include "interconnect/collective/helpers.h"
#include "sim/error/error.h"

#include <algorithm>

namespace myriad {

namespace {
constexpr std::int64_t kPieceBytes = 256 << 10;
constexpr std::int64_t kPiecesMax = 64;
}  // namespace

InNetworkSchedule::InNetworkSchedule(CollectiveOp op, int ranks, int pieces) : op_(op), ranks_(ranks), pieces_(pieces) {
    MYRIAD_CHECK(ranks >= 1 && pieces >= 1, "a schedule has ranks and pieces");
    switch (op) {
        case CollectiveOp::all_reduce:
            stages_ = {0, 1, 2, 3};
            return;
        case CollectiveOp::reduce_scatter:
            stages_ = {.collect = 0, .hand_out = 1};
            return;
        case CollectiveOp::all_gather:
            stages_ = {.give = 0, .spread = 1};
            return;
        default:
            MYRIAD_CHECK(false, "a switch reduces, scatters and gathers");
    }
}

int InNetworkSchedule::pieces_for(Bytes size) {
    return static_cast<int>(std::clamp<std::int64_t>(size.count() / kPieceBytes, 1, kPiecesMax));
}

int InNetworkSchedule::steps() const { return ranks_ == 1 ? 0 : pieces_ + count() - 1; }

int InNetworkSchedule::piece_of(int stage, int step) const {
    const int piece = step - stage;
    return stage >= 0 && piece >= 0 && piece < pieces_ ? piece : -1;
}

void InNetworkSchedule::sends(int rank, int step, std::vector<Transfer>& out) const {
    out.clear();
    const HelperRanks helpers{ranks_};
    const auto piece_in = [&](int stage) { return std::int64_t{piece_of(stage, step)} * ranks_; };  // below 0: none
    if (rank < ranks_) {
        if (const std::int64_t first = piece_in(stages_.give); first >= 0) {
            out.push_back({helpers.multicaster(), first + rank, 1, false});
        }
    } else if (helpers.is_feeder(rank)) {
        if (const std::int64_t first = piece_in(stages_.collect); first >= 0) {
            out.push_back({helpers.adder(), first, ranks_, true});
        }
    } else if (rank == helpers.adder()) {
        const std::int64_t first = piece_in(stages_.hand_out);
        for (int owner = 0; first >= 0 && owner < ranks_; ++owner) {
            out.push_back({owner, first + owner, 1, false});
        }
    } else if (rank == helpers.multicaster()) {
        const std::int64_t first = piece_in(stages_.spread);
        for (int to = 0; first >= 0 && to < ranks_; ++to) {
            out.push_back({helpers.taker(to), first, ranks_, false});
        }
    }
}

int InNetworkSchedule::receives(int rank, int step) const {
    const HelperRanks helpers{ranks_};
    const auto moved = [&](int stage) { return piece_of(stage, step) >= 0; };
    if (rank < ranks_) {
        return moved(stages_.hand_out) ? 1 : 0;
    }
    if (helpers.is_feeder(rank)) {
        return 0;
    }
    if (rank == helpers.adder()) {
        return moved(stages_.collect) ? ranks_ : 0;
    }
    if (rank == helpers.multicaster()) {
        return moved(stages_.give) ? ranks_ : 0;
    }
    return moved(stages_.spread) ? 1 : 0;
}

int InNetworkSchedule::pattern(int step) const {
    // As in a chain: while the pipeline fills or drains every step is another, in between all are the same.
    const int first_full = count() - 1;
    const int last_full = pieces_ - 1;
    return step > first_full && step <= last_full ? first_full : step;
}

std::unique_ptr<Schedule> InNetworkSchedule::lone_piece() const {
    return pieces_ > 1 && ranks_ > 1 ? std::make_unique<InNetworkSchedule>(op_, ranks_, 1) : nullptr;
}

}  // namespace myriad
