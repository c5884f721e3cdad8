#pragma once
// A collective as a schedule: which rank sends which part of its buffer to whom in which step. Generated on demand
// from (rank, step), never stored whole, so that 16,384 ranks cost nothing.

#include <cstdint>
#include <vector>

namespace myriad {

// Buffer of a rank, cut into `Schedule::chunks()` equal chunks (the last ones one byte shorter where the size does not
// divide). A transfer carries chunks [first_chunk, first_chunk + chunk_count), modulo chunks(), of the sender's buffer
// to the same place in the receiver's buffer (all_to_all: see Schedule).
struct Transfer {
    int peer = 0;
    std::int64_t first_chunk = 0;
    std::int64_t chunk_count = 0;
    bool reduce = false;  // the receiver adds (true) or overwrites (false)
};

// Rule of execution, the same at every fidelity level: a rank posts all sends of step k at once, as soon as it has
// received everything that steps 0 .. k-1 send to it. (It does not wait for its own earlier sends: the port
// serialises them.)
class Schedule {
public:
    virtual ~Schedule() = default;
    [[nodiscard]] virtual int ranks() const = 0;
    [[nodiscard]] virtual int steps() const = 0;
    [[nodiscard]] virtual std::int64_t chunks() const = 0;
    // Replaces `out` by what `rank` sends in `step`.
    virtual void sends(int rank, int step, std::vector<Transfer>& out) const = 0;
    // Number of transfers that `rank` receives in `step`.
    [[nodiscard]] virtual int receives(int rank, int step) const = 0;
    // Steps with equal pattern have the same (sender, receiver, chunk_count) triples: the analytic level computes such a
    // step once.
    [[nodiscard]] virtual int pattern(int step) const = 0;
};

}  // namespace myriad
