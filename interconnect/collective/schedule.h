#pragma once
// A collective as a schedule: which rank sends which part of its buffer to whom in which step. Generated on demand
// from (rank, step), never stored whole, so that 16,384 ranks cost nothing.

#include <cstdint>
#include <memory>
#include <vector>

namespace myriad {

// Buffer of a rank, cut into `Schedule::chunks()` equal chunks: chunk i begins at byte floor(i * size / chunks()). A
// transfer carries chunks [first_chunk, first_chunk + chunk_count), modulo chunks(), of the sender's buffer to the same
// place in the receiver's buffer (all_to_all: see Block).
struct Transfer {
    int peer = 0;
    std::int64_t first_chunk = 0;
    std::int64_t chunk_count = 0;
    bool reduce = false;  // the receiver adds (true) or overwrites (false)
};

// all_to_all: chunks() == ranks(), and chunk d of the buffer that rank s enters with is the block (s, d): what s has
// for d. A block keeps its name wherever it is. Rank r begins with (r, d) for all d and ends with (s, r) for all s; (r,
// r) never moves. A transfer moves chunk_count blocks out of the sender's hands into the receiver's; which ones says
// Schedule::blocks. The number of bytes is still that of the range [first_chunk, first_chunk + chunk_count): a schedule
// whose blocks do not lie side by side numbers them so that a rank's ranges of a step do not overlap.
//
// Where the data are cut into parts, each on its own way (concurrent_schedule.h), chunks() is a multiple of ranks():
// part p of block (s, d) is a piece of its own, and each part has ranks() chunks.
struct Block {
    int source = 0;
    int destination = 0;
    int part = 0;
};

// Rule of execution, the same at every fidelity level: a rank posts all sends of step k at once, as soon as it has
// received everything that steps 0 .. k-1 send to it. (It does not wait for its own earlier sends: the port
// serialises them.) What arrives for a later step waits aside until the receiver has posted its own sends of that
// step, so every send of step k reads the buffer as steps 0 .. k-1 left it.
class Schedule {
public:
    virtual ~Schedule() = default;
    [[nodiscard]] virtual int ranks() const = 0;
    [[nodiscard]] virtual int steps() const = 0;
    // Beside the ranks, helpers take part, numbered on from them (helpers.h): sends() and receives() answer for them too.
    [[nodiscard]] virtual bool helped() const { return false; }
    [[nodiscard]] virtual std::int64_t chunks() const = 0;
    // Replaces `out` by what `rank` sends in `step`.
    virtual void sends(int rank, int step, std::vector<Transfer>& out) const = 0;
    // Number of transfers that `rank` receives in `step`.
    [[nodiscard]] virtual int receives(int rank, int step) const = 0;
    // Steps with equal pattern have the same (sender, receiver, chunk_count) triples: the analytic level computes such
    // a step once.
    [[nodiscard]] virtual int pattern(int step) const = 0;

    // all_gather, reduce_scatter, gather and scatter, where chunks() is a multiple of ranks(): of each part of ranks()
    // chunks, [part * ranks(), (part + 1) * ranks()), the one that `rank` begins with or ends with. Not the identity
    // where a hierarchy needs other neighbours; the pieces of a message then lie apart in the user's buffer and are
    // collected on the way out, which costs nothing at this level.
    [[nodiscard]] virtual std::int64_t chunk_of_rank(int rank, int part) const {
        return std::int64_t{part} * ranks() + rank;
    }

    // all_to_all: replaces `out` by the blocks of a transfer that sends(rank, step) gave.
    virtual void blocks(int rank, int step, const Transfer& transfer, std::vector<Block>& out) const {
        static_cast<void>(step);
        out.clear();
        for (std::int64_t i = 0; i < transfer.chunk_count; ++i) {
            out.push_back({rank, static_cast<int>((transfer.first_chunk + i) % chunks())});
        }
    }

    // How many chunks a block of an all_to_all has. Of an all_to_allv, where blocks are uneven, any number, also none: a
    // block without chunks is not sent.
    [[nodiscard]] virtual std::int64_t chunks_of_block(int source, int destination) const {
        static_cast<void>(source);
        static_cast<void>(destination);
        return 1;
    }

    // Not null when the steps are a pipeline in which nobody waits for the latency of its own path: pieces follow one
    // another, each the way of the schedule returned, which has chunks() / pieces chunks and must not outlive this one.
    // The steps overlap and their times do not add up (interconnect/analytic states the formula).
    [[nodiscard]] virtual std::unique_ptr<Schedule> lone_piece() const { return nullptr; }
};

}  // namespace myriad
