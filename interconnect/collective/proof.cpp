// A buffer is kept as runs of chunks with equal contents, so that 16,384 ranks with 16,384 chunks each fit as long as
// the schedule works on ranges. Steps are run one after another for all ranks: by the rule of execution a send of step
// k reads what steps 0 .. k-1 left, whenever it really happens. A rank and its helpers share a buffer without waiting for
// one another; what they overwrite is an answer to what they sent of the same chunk before, so the order is the same.

#include "interconnect/collective/proof.h"

#include "interconnect/collective/helpers.h"
#include "sim/error/error.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include <fmt/core.h>

namespace myriad {

namespace {

constexpr int kExactMax = 64;

// Finaliser of splitmix64: a fixed random-looking number for each rank.
std::uint64_t scrambled(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ull;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return x ^ (x >> 31);
}

// A set of ranks whose data are summed up in a chunk.
struct Contents {
    std::int64_t count = 0;
    std::uint64_t members = 0;  // exact: a bit a rank; else the sum of the members' numbers
    bool operator==(const Contents&) const = default;
};

struct Run {
    std::int64_t first = 0;  // up to the next run's first
    Contents contents;
};

// The chunks of one rank. Runs are sorted, begin at 0 and cover everything.
class Buffer {
public:
    explicit Buffer(Contents contents = {}) : runs_{{0, contents}} {}

    // Calls visit(first, end, contents) for the runs inside [first, end).
    template <class Visit>
    void visit(std::int64_t first, std::int64_t end, std::int64_t chunks, Visit&& visitor) const {
        for (std::size_t i = run_at(first); i < runs_.size() && runs_[i].first < end; ++i) {
            const std::int64_t run_end = i + 1 < runs_.size() ? runs_[i + 1].first : chunks;
            visitor(std::max(first, runs_[i].first), std::min(end, run_end), runs_[i].contents);
        }
    }

    // Makes borders at `first` and `end` and calls change(contents) for each run between.
    template <class Change>
    void change(std::int64_t first, std::int64_t end, std::int64_t chunks, Change&& changer) {
        split(first);
        if (end < chunks) {
            split(end);
        }
        const std::size_t begin = run_at(first);
        std::size_t i = begin;
        for (; i < runs_.size() && runs_[i].first < end; ++i) {
            changer(runs_[i].contents);
        }
        merge(begin == 0 ? 0 : begin - 1, std::min(i + 1, runs_.size()));
    }

private:
    [[nodiscard]] std::size_t run_at(std::int64_t chunk) const {
        const auto after = std::upper_bound(runs_.begin(), runs_.end(), chunk,
                                            [](std::int64_t c, const Run& run) { return c < run.first; });
        return static_cast<std::size_t>(after - runs_.begin()) - 1;
    }
    void split(std::int64_t chunk) {
        const std::size_t i = run_at(chunk);
        if (runs_[i].first != chunk) {
            const Run tail{chunk, runs_[i].contents};
            runs_.insert(runs_.begin() + static_cast<std::ptrdiff_t>(i) + 1, tail);
        }
    }
    void merge(std::size_t begin, std::size_t end) {
        const auto first = runs_.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last = runs_.begin() + static_cast<std::ptrdiff_t>(end);
        runs_.erase(std::unique(first, last, [](const Run& a, const Run& b) { return a.contents == b.contents; }),
                    last);
    }

    std::vector<Run> runs_;
};

// A piece of a message on its way.
struct Piece {
    int receiver = 0;
    std::int64_t first = 0;
    std::int64_t end = 0;
    bool reduce = false;
    int sender = 0;
    Contents contents;
};

struct PatternSum {
    std::uint64_t sum = 0;
    std::int64_t transfers = 0;
    int step = 0;
};

class Prover {
public:
    Prover(const Schedule& schedule, CollectiveOp op, int root)
        : schedule_(schedule),
          op_(op),
          root_(root),
          ranks_(schedule.ranks()),
          all_(schedule.helped() ? HelperRanks{ranks_}.all() : ranks_),
          chunks_(schedule.chunks()) {}

    Proof run();

private:
    void fail(std::string violation) {
        if (violation_.empty()) {
            violation_ = std::move(violation);
        }
    }
    [[nodiscard]] bool failed() const { return !violation_.empty(); }
    [[nodiscard]] bool exact() const { return ranks_ <= kExactMax; }
    [[nodiscard]] bool owns_chunks() const {
        return op_ == CollectiveOp::all_gather || op_ == CollectiveOp::reduce_scatter || op_ == CollectiveOp::gather ||
               op_ == CollectiveOp::scatter;
    }
    [[nodiscard]] bool adds() const {
        return op_ == CollectiveOp::all_reduce || op_ == CollectiveOp::reduce_scatter || op_ == CollectiveOp::reduce;
    }
    // Parts of ranks_ chunks that the buffer has, where chunks have owners or blocks have names.
    [[nodiscard]] int parts() const {
        return op_ == CollectiveOp::all_to_allv ? 1 : static_cast<int>(chunks_ / ranks_);
    }
    [[nodiscard]] bool exchanges() const { return op_ == CollectiveOp::all_to_all || op_ == CollectiveOp::all_to_allv; }
    [[nodiscard]] std::size_t place_of(const Block& block) const {
        const auto count = static_cast<std::size_t>(ranks_);
        return (static_cast<std::size_t>(block.part) * count + static_cast<std::size_t>(block.source)) * count +
               static_cast<std::size_t>(block.destination);
    }
    [[nodiscard]] int seat_of(int rank) const { return schedule_.helped() ? HelperRanks{ranks_}.seat(rank) : rank; }
    [[nodiscard]] Buffer& buffer_of(int rank) {
        const int seat = seat_of(rank);
        return buffers_[static_cast<std::size_t>(seat < ranks_ ? seat : seat - 2 * ranks_)];
    }
    [[nodiscard]] Contents contribution(int rank) const {
        const auto bit = static_cast<std::uint64_t>(rank);
        return {1, exact() ? std::uint64_t{1} << bit : scrambled(bit)};
    }

    void set_up();
    void set_up_owners();
    void collect_step(int step);
    void collect_transfer(int step, int sender, const Transfer& transfer);
    void collect_pieces(int step, int sender, const Transfer& transfer);
    void collect_blocks(int step, int sender, const Transfer& transfer);
    void check_step_shape(int step);
    void check_overlaps(int step);
    void apply_step(int step);
    void apply_piece(int step, const Piece& piece);
    void check_promise();
    void check_holds(int rank, std::int64_t first, std::int64_t end, const Contents& promised);

    const Schedule& schedule_;
    CollectiveOp op_;
    int root_;
    int ranks_;
    int all_;  // with helpers
    std::int64_t chunks_;
    std::vector<Buffer> buffers_;       // of ranks; then of a switch that adds, and as it multicasts
    std::vector<std::int32_t> holder_;  // all_to_all: rank that has a block, by place_of()
    std::vector<Piece> pieces_;
    std::vector<std::pair<std::size_t, int>> moves_;  // block, new holder
    std::vector<int> arrivals_;
    PatternSum shape_;
    std::map<int, PatternSum> patterns_;
    std::vector<Transfer> transfers_;
    std::vector<Block> blocks_;
    std::string violation_;
};

void Prover::set_up() {
    const auto count = static_cast<std::size_t>(ranks_);
    if ((owns_chunks() || op_ == CollectiveOp::all_to_all) && chunks_ % ranks_ != 0) {
        return fail(fmt::format("{} chunks for {} ranks", chunks_, ranks_));
    }
    if (exchanges()) {
        holder_.resize(static_cast<std::size_t>(parts()) * count * count);
        for (std::size_t block = 0; block < holder_.size(); ++block) {
            holder_[block] = static_cast<std::int32_t>(block / count % count);
        }
        return;
    }
    const bool from_root = op_ == CollectiveOp::broadcast || op_ == CollectiveOp::scatter;
    for (int rank = 0; rank < ranks_; ++rank) {
        const bool has_all = adds() || (from_root && rank == root_);
        // Gathered or broadcast data have one origin, told by their place: presence says it all.
        buffers_.emplace_back(has_all ? contribution(adds() ? rank : 0) : Contents{});
    }
    if (owns_chunks()) {
        set_up_owners();
    }
    if (schedule_.helped()) {
        buffers_.resize(count + 2);
    }
}

void Prover::set_up_owners() {
    const bool gathers = op_ == CollectiveOp::all_gather || op_ == CollectiveOp::gather;
    std::vector<bool> owned(static_cast<std::size_t>(chunks_), false);
    for (int rank = 0; rank < ranks_; ++rank) {
        for (int part = 0; part < parts(); ++part) {
            const std::int64_t chunk = schedule_.chunk_of_rank(rank, part);
            if (chunk < 0 || chunk >= chunks_ || owned[static_cast<std::size_t>(chunk)]) {
                return fail(fmt::format("rank {} owns chunk {}, which is outside or another rank's", rank, chunk));
            }
            owned[static_cast<std::size_t>(chunk)] = true;
            if (gathers) {
                buffers_[static_cast<std::size_t>(rank)].change(chunk, chunk + 1, chunks_,
                                                                [&](Contents& c) { c = contribution(0); });
            }
        }
    }
}

void Prover::collect_step(int step) {
    pieces_.clear();
    moves_.clear();
    arrivals_.assign(static_cast<std::size_t>(all_), 0);
    shape_ = {.step = step};
    for (int rank = 0; rank < all_ && !failed(); ++rank) {
        schedule_.sends(rank, step, transfers_);
        for (const Transfer& transfer : transfers_) {
            collect_transfer(step, rank, transfer);
        }
    }
}

void Prover::collect_transfer(int step, int sender, const Transfer& transfer) {
    if (transfer.peer < 0 || transfer.peer >= all_ || transfer.peer == sender) {
        return fail(fmt::format("step {}: rank {} sends to rank {} of {}", step, sender, transfer.peer, ranks_));
    }
    if (transfer.first_chunk < 0 || transfer.first_chunk >= chunks_ || transfer.chunk_count < 1 ||
        transfer.chunk_count > chunks_) {
        return fail(fmt::format("step {}: rank {} sends {} chunks from {} on, of {}", step, sender,
                                transfer.chunk_count, transfer.first_chunk, chunks_));
    }
    ++arrivals_[static_cast<std::size_t>(transfer.peer)];
    const auto pair = static_cast<std::uint64_t>(sender) << 32 | static_cast<std::uint64_t>(transfer.peer);
    shape_.sum += scrambled(scrambled(pair) ^ static_cast<std::uint64_t>(transfer.chunk_count));
    ++shape_.transfers;
    if (exchanges()) {
        collect_blocks(step, sender, transfer);
    } else {
        collect_pieces(step, sender, transfer);
    }
}

void Prover::collect_pieces(int step, int sender, const Transfer& transfer) {
    const Buffer& buffer = buffer_of(sender);
    const auto collect = [&](std::int64_t first, std::int64_t end) {
        buffer.visit(first, end, chunks_, [&](std::int64_t run_first, std::int64_t run_end, const Contents& contents) {
            if (contents.count == 0) {
                fail(fmt::format("step {}: rank {} sends chunk {}, which it does not have", step, sender, run_first));
            }
            pieces_.push_back({seat_of(transfer.peer), run_first, run_end, transfer.reduce, sender, contents});
        });
    };
    const std::int64_t end = transfer.first_chunk + transfer.chunk_count;
    collect(transfer.first_chunk, std::min(end, chunks_));
    if (end > chunks_) {
        collect(0, end - chunks_);
    }
}

void Prover::collect_blocks(int step, int sender, const Transfer& transfer) {
    schedule_.blocks(sender, step, transfer, blocks_);
    std::int64_t chunks = 0;
    for (const Block& block : blocks_) {
        if (block.source < 0 || block.source >= ranks_ || block.destination < 0 || block.destination >= ranks_ ||
            block.part < 0 || block.part >= parts()) {
            return fail(fmt::format("step {}: rank {} sends a block outside the group", step, sender));
        }
        chunks += schedule_.chunks_of_block(block.source, block.destination);
        const std::size_t place = place_of(block);
        if (holder_[place] != sender) {
            return fail(fmt::format("step {}: rank {} sends block ({}, {}), which it does not have", step, sender,
                                    block.source, block.destination));
        }
        // In nobody's hands until the step is over: a second send of the same block in this step fails above.
        holder_[place] = -1;
        moves_.emplace_back(place, transfer.peer);
    }
    if (chunks != transfer.chunk_count) {
        fail(fmt::format("step {}: rank {} names blocks of {} chunks for {} chunks", step, sender, chunks,
                         transfer.chunk_count));
    }
}

void Prover::check_step_shape(int step) {
    for (int rank = 0; rank < all_; ++rank) {
        const int expected = schedule_.receives(rank, step);
        const int found = arrivals_[static_cast<std::size_t>(rank)];
        if (expected != found) {
            return fail(
                fmt::format("step {}: rank {} expects {} transfers, {} are sent to it", step, rank, expected, found));
        }
    }
    const auto [known, fresh] = patterns_.try_emplace(schedule_.pattern(step), shape_);
    if (!fresh && (known->second.sum != shape_.sum || known->second.transfers != shape_.transfers)) {
        fail(fmt::format("steps {} and {} claim the same pattern but differ", known->second.step, step));
    }
}

void Prover::check_overlaps(int step) {
    std::stable_sort(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) {
        return std::pair(a.receiver, a.first) < std::pair(b.receiver, b.first);
    });
    int receiver = -1;
    std::int64_t written_end = 0;  // end of the chunks that an overwriting piece covers
    std::int64_t any_end = 0;      // end of the chunks that any piece covers
    for (const Piece& piece : pieces_) {
        if (piece.receiver != receiver) {
            receiver = piece.receiver;
            written_end = 0;
            any_end = 0;
        }
        if (piece.first < (piece.reduce ? written_end : any_end)) {
            return fail(fmt::format("step {}: rank {} gets chunk {} from rank {} and from another one, not both adding",
                                    step, receiver, piece.first, piece.sender));
        }
        any_end = std::max(any_end, piece.end);
        written_end = piece.reduce ? written_end : std::max(written_end, piece.end);
    }
}

void Prover::apply_piece(int step, const Piece& piece) {
    const Contents& in = piece.contents;
    Buffer& buffer = buffer_of(piece.receiver);
    buffer.change(piece.first, piece.end, chunks_, [&](Contents& mine) {
        if (piece.reduce) {
            if (mine.count + in.count > ranks_ || (exact() && (mine.members & in.members) != 0)) {
                fail(fmt::format("step {}: rank {} adds chunk {} from rank {}: a contribution would count twice", step,
                                 piece.receiver, piece.first, piece.sender));
            }
            mine = {mine.count + in.count, mine.members + in.members};
            return;
        }
        if (mine.count > in.count || (exact() && (mine.members & ~in.members) != 0)) {
            fail(fmt::format("step {}: rank {} overwrites chunk {} from rank {}: a contribution would be lost", step,
                             piece.receiver, piece.first, piece.sender));
        }
        mine = in;
    });
}

void Prover::apply_step(int step) {
    for (const auto& [block, holder] : moves_) {
        holder_[block] = holder;
    }
    for (const Piece& piece : pieces_) {
        if (failed()) {
            return;
        }
        apply_piece(step, piece);
    }
}

void Prover::check_promise() {
    const auto count = static_cast<std::size_t>(ranks_);
    for (std::size_t block = 0; block < holder_.size(); ++block) {
        const std::int64_t size =
            schedule_.chunks_of_block(static_cast<int>(block / count % count), static_cast<int>(block % count));
        if (size > 0 && holder_[block] != static_cast<std::int32_t>(block % count)) {
            return fail(fmt::format("at the end rank {} lacks block ({}, {})", block % count, block / count % count,
                                    block % count));
        }
    }
    Contents promised;
    for (int rank = 0; rank < (adds() ? ranks_ : 1); ++rank) {
        const Contents one = contribution(rank);
        promised = {promised.count + one.count, promised.members + one.members};
    }
    const bool at_root = op_ == CollectiveOp::reduce || op_ == CollectiveOp::gather;
    const bool own_only = op_ == CollectiveOp::reduce_scatter || op_ == CollectiveOp::scatter;
    for (int rank = 0; rank < std::min(ranks_, static_cast<int>(buffers_.size())); ++rank) {
        if (own_only) {
            for (int part = 0; part < parts(); ++part) {
                const std::int64_t chunk = schedule_.chunk_of_rank(rank, part);
                check_holds(rank, chunk, chunk + 1, promised);
            }
        } else if (!at_root || rank == root_) {
            check_holds(rank, 0, chunks_, promised);
        }
    }
}

void Prover::check_holds(int rank, std::int64_t first, std::int64_t end, const Contents& promised) {
    buffers_[static_cast<std::size_t>(rank)].visit(
        first, end, chunks_, [&](std::int64_t run_first, std::int64_t, const Contents& contents) {
            if (contents == promised) {
                return;
            }
            if (!adds()) {
                return fail(fmt::format("at the end rank {} lacks chunk {}", rank, run_first));
            }
            const std::uint64_t missing = promised.members & ~contents.members;
            fail(fmt::format("at the end chunk {} of rank {} holds {} contributions, not each of {} once{}", run_first,
                             rank, contents.count, promised.count,
                             exact() && missing != 0
                                 ? fmt::format(": that of rank {} is missing", std::countr_zero(missing))
                                 : std::string{}));
        });
}

Proof Prover::run() {
    set_up();
    for (int step = 0; step < schedule_.steps() && !failed(); ++step) {
        collect_step(step);
        if (!failed()) {
            check_step_shape(step);
        }
        if (!failed()) {
            check_overlaps(step);
        }
        if (!failed()) {
            apply_step(step);
        }
    }
    if (!failed()) {
        check_promise();
    }
    return {violation_.empty(), violation_};
}

}  // namespace

Proof prove(const Schedule& schedule, CollectiveOp op, int root) {
    MYRIAD_CHECK(schedule.ranks() >= 1 && schedule.chunks() >= 1, "a schedule has ranks and chunks");
    return Prover(schedule, op, root).run();
}

}  // namespace myriad
