// A chunk of the core is one chunk, or two where it belongs to a pair and every rank has a chunk of its own.

#include "interconnect/collective/folded_schedule.h"

#include "sim/error/error.h"

#include <algorithm>
#include <bit>

namespace myriad {

namespace {

bool adds(CollectiveOp op) {
    return op == CollectiveOp::all_reduce || op == CollectiveOp::reduce_scatter || op == CollectiveOp::reduce;
}

bool owns_chunks(CollectiveOp op) {
    return op == CollectiveOp::all_gather || op == CollectiveOp::reduce_scatter || op == CollectiveOp::gather ||
           op == CollectiveOp::scatter;
}

}  // namespace

int FoldedSchedule::core_ranks(int ranks) { return static_cast<int>(std::bit_floor(static_cast<unsigned>(ranks))); }

int FoldedSchedule::core_root(int ranks, int root) {
    const int folded = ranks - core_ranks(ranks);
    return root < 2 * folded ? root / 2 : root - folded;
}

FoldedSchedule::FoldedSchedule(CollectiveOp op, int ranks, int root, std::unique_ptr<Schedule> core, Fold fold)
    : op_(op),
      ranks_(ranks),
      root_(root),
      folded_(ranks - core_ranks(ranks)),
      core_(std::move(core)),
      fold_(fold),
      owned_(owns_chunks(op)) {
    MYRIAD_CHECK(op != CollectiveOp::all_to_all && core_->ranks() == core_ranks(ranks), "a core of the right size");
    MYRIAD_CHECK(fold == Fold::whole || (adds(op) && chunks() % 2 == 0), "halves are for what can be added in halves");
    if (folded_ == 0) {
        return;
    }
    const bool root_folded = in_pair(root) && root % 2 == 0;
    const bool from_root = op == CollectiveOp::broadcast || op == CollectiveOp::scatter;
    const bool to_root = op == CollectiveOp::reduce || op == CollectiveOp::gather;
    before_ = from_root && !root_folded ? 0 : fold == Fold::halves ? 2 : 1;
    after_ = to_root && !root_folded ? 0 : 1;
}

std::int64_t FoldedSchedule::outer_chunk(std::int64_t core_chunk) const {
    return owned_ ? core_chunk + std::min<std::int64_t>(core_chunk, folded_) : core_chunk;
}

void FoldedSchedule::sends(int rank, int step, std::vector<Transfer>& out) const {
    out.clear();
    const bool even = in_pair(rank) && rank % 2 == 0;
    if (step < before_) {
        if (in_pair(rank)) {
            fold_sends(rank, step, out);
        }
    } else if (step >= before_ + core_->steps()) {
        if (in_pair(rank) && !even) {
            unfold_sends(rank, out);
        }
    } else if (!even) {
        core_->sends(core_rank(rank), step - before_, out);
        for (Transfer& transfer : out) {
            const std::int64_t first = outer_chunk(transfer.first_chunk);
            transfer = {outer_rank(transfer.peer), first,
                        outer_chunk(transfer.first_chunk + transfer.chunk_count) - first, transfer.reduce};
        }
    }
}

void FoldedSchedule::fold_sends(int rank, int step, std::vector<Transfer>& out) const {
    const bool even = rank % 2 == 0;
    const std::int64_t half = chunks() / 2;
    if (fold_ == Fold::halves) {
        if (step == 0) {
            out.push_back(even ? Transfer{rank + 1, half, chunks() - half, true} : Transfer{rank - 1, 0, half, true});
        } else if (even) {
            out.push_back({rank + 1, 0, half, false});
        }
    } else if (even && adds(op_)) {
        out.push_back({rank + 1, 0, chunks(), true});
    } else if (even && (op_ == CollectiveOp::all_gather || op_ == CollectiveOp::gather)) {
        out.push_back({rank + 1, rank, 1, false});
    } else if (even && rank == root_) {
        out.push_back({rank + 1, 0, chunks(), false});
    }
}

void FoldedSchedule::unfold_sends(int rank, std::vector<Transfer>& out) const {
    const int even = rank - 1;
    switch (op_) {
        case CollectiveOp::all_reduce:
            out.push_back({even, 0, chunks(), false});
            break;
        case CollectiveOp::all_gather:
            out.push_back({even, rank, chunks() - 1, false});  // around the end, all but its own
            break;
        case CollectiveOp::reduce_scatter:
            out.push_back({even, even, 1, false});
            break;
        case CollectiveOp::broadcast:
        case CollectiveOp::scatter:
            if (even != root_) {
                const bool whole = op_ == CollectiveOp::broadcast;
                out.push_back({even, whole ? 0 : even, whole ? chunks() : 1, false});
            }
            break;
        default:  // reduce, gather
            if (even == root_) {
                out.push_back({even, 0, chunks(), false});
            }
    }
}

int FoldedSchedule::receives(int rank, int step) const {
    if (step >= before_ && step < before_ + core_->steps()) {
        return in_pair(rank) && rank % 2 == 0 ? 0 : core_->receives(core_rank(rank), step - before_);
    }
    if (!in_pair(rank)) {
        return 0;
    }
    std::vector<Transfer> from_partner;
    sends(rank ^ 1, step, from_partner);
    return static_cast<int>(from_partner.size());
}

int FoldedSchedule::pattern(int step) const {
    // Folding and unfolding have numbers of their own, before those of the core.
    if (step < before_) {
        return step;
    }
    return step >= before_ + core_->steps() ? before_ : before_ + 1 + core_->pattern(step - before_);
}

}  // namespace myriad
