// Costs a look at each step of the way for each question: for the few steps of a tree, not for a chain.

#include "interconnect/collective/pipelined_schedule.h"

#include "sim/error/error.h"

#include <algorithm>
#include <cmath>

namespace myriad {

namespace {

constexpr double kBytesAtOnePiece = 2048;
constexpr int kPiecesMax = 512;
constexpr int kPiecesUnknown = 32;

}  // namespace

PipelinedSchedule::PipelinedSchedule(std::unique_ptr<Schedule> inner, int pieces)
    : inner_(std::move(inner)), pieces_(pieces) {
    MYRIAD_CHECK(pieces_ >= 1, "a pipeline has a piece");
}

int PipelinedSchedule::pieces_for(Bytes size) {
    if (size.count() == 0) {
        return kPiecesUnknown;
    }
    const double pieces = std::ceil(std::sqrt(static_cast<double>(size.count()) / kBytesAtOnePiece));
    return static_cast<int>(std::clamp<double>(pieces, 1, kPiecesMax));
}

void PipelinedSchedule::sends(int rank, int step, std::vector<Transfer>& out) const {
    out.clear();
    std::vector<Transfer> of_piece;
    for (int piece = std::max(0, step - inner_->steps() + 1); piece <= std::min(step, pieces_ - 1); ++piece) {
        inner_->sends(rank, step - piece, of_piece);
        for (Transfer& transfer : of_piece) {
            transfer.first_chunk += piece * inner_->chunks();
            out.push_back(transfer);
        }
    }
}

int PipelinedSchedule::receives(int rank, int step) const {
    int count = 0;
    for (int piece = std::max(0, step - inner_->steps() + 1); piece <= std::min(step, pieces_ - 1); ++piece) {
        count += inner_->receives(rank, step - piece);
    }
    return count;
}

int PipelinedSchedule::pattern(int step) const {
    // Full, every step of the way is under way; filling and draining, each step has others.
    const int first_full = inner_->steps() - 1;
    return step > first_full && step < pieces_ ? first_full : step;
}

}  // namespace myriad
