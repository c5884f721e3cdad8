#pragma once
// A collective as a sequence of phases, each inside one dimension of the group. A flat algorithm has one dimension.
//
// Ranks are numbered innermost dimension fastest: rank = c0 + n0 * (c1 + n1 * (c2 + ...)). Chunks are numbered the
// other way round, c0 foremost, because then what a rank still works on after the dimensions 0 .. d-1 is one range of
// chunks.
//
//   reduce_scatter   scatter-reduce in dimension 0, 1, ...: each one leaves 1/n of the data
//   all_gather       the mirror image: outermost dimension first
//   all_reduce       both, one after the other
//   broadcast        scatter in dimension 0, 1, ... from the root outwards, then all_gather (van de Geijn's form, which
//                    MPI libraries take for long messages); on a full mesh it uses every link, not only the root's
//   reduce           reduce_scatter, then gather to the root, outermost dimension first
//   scatter, gather  the first half of a broadcast, the second half of a reduce
//   all_to_all       exchange in dimension 0, then 1, ...: blocks first go to the card of the own server whose
//                    coordinate is that of the destination, then outside
//
// Inside a dimension of n:
//   ring             n - 1 steps to the next neighbour; all_to_all: every block hops along until it is there
//   direct           one step to all others at once
//   halving_doubling log2(n) steps at distances n/2 .. 1 (scattering) or 1 .. n/2 (gathering), n a power of two;
//                    all_to_all: pairwise exchange, n - 1 steps with partner c xor k, as MPI libraries do for long
//                    messages: halving would carry each block log2(n) / 2 times on average

#include "interconnect/collective/schedule.h"
#include "interconnect/network.h"

#include <cstdint>
#include <vector>

namespace myriad {

struct ScheduleDimension {
    int size = 1;
    CollectiveAlgorithm algorithm = CollectiveAlgorithm::direct;  // ring, direct or halving_doubling
};

class PhasedSchedule final : public Schedule {
public:
    PhasedSchedule(CollectiveOp op, const std::vector<ScheduleDimension>& dimensions, int root);

    [[nodiscard]] int ranks() const override { return ranks_; }
    [[nodiscard]] int steps() const override { return static_cast<int>(steps_.size()); }
    [[nodiscard]] std::int64_t chunks() const override { return ranks_; }
    void sends(int rank, int step, std::vector<Transfer>& out) const override;
    [[nodiscard]] int receives(int rank, int step) const override;
    [[nodiscard]] int pattern(int step) const override { return step_at(step).pattern; }
    [[nodiscard]] std::int64_t chunk_of_rank(int rank, int part) const override;
    void blocks(int rank, int step, const Transfer& transfer, std::vector<Block>& out) const override;

private:
    enum class Kind : std::uint8_t { reduce_scatter, all_gather, scatter, gather, exchange };
    struct Dimension {
        int size = 1;
        int stride = 1;           // distance of neighbours in rank numbers
        std::int64_t weight = 1;  // chunks of one coordinate when this dimension is scattered
        int root = 0;             // the root's coordinate
        CollectiveAlgorithm algorithm = CollectiveAlgorithm::direct;
    };
    struct Step {
        Kind kind{};
        std::uint8_t dimension = 0;
        int local = 0;  // number inside its phase
        int pattern = 0;
    };
    // A rank seen from one dimension.
    struct Place {
        int coordinate = 0;
        std::int64_t base = 0;  // first chunk of what the inner dimensions left to this rank
        int outer = 0;          // number of the rank in the dimensions further out
    };

    [[nodiscard]] const Step& step_at(int step) const { return steps_[static_cast<std::size_t>(step)]; }
    [[nodiscard]] Place place_of(int rank, int dimension) const;
    [[nodiscard]] bool in_slice_of_root(const Place& place, int dimension) const;
    void append_phase(Kind kind, int dimension);

    void scatter_reduce_sends(const Dimension& dim, const Place& at, int local, int rank,
                              std::vector<Transfer>& out) const;
    void gather_sends(const Dimension& dim, const Place& at, int local, int rank, std::vector<Transfer>& out) const;
    void scatter_sends(const Dimension& dim, const Place& at, int local, int rank, std::vector<Transfer>& out) const;
    void exchange_sends(const Dimension& dim, const Place& at, int local, int rank, std::vector<Transfer>& out) const;
    void gather_to_root_sends(const Dimension& dim, const Place& at, int local, int rank,
                              std::vector<Transfer>& out) const;
    [[nodiscard]] int scatter_receives(const Dimension& dim, const Place& at, int local) const;
    [[nodiscard]] int gather_to_root_receives(const Dimension& dim, const Place& at, int local) const;

    int ranks_ = 1;
    int patterns_ = 0;
    std::vector<Dimension> dimensions_;
    std::vector<int> outer_root_;  // per dimension: number of the root in the dimensions further out
    std::vector<Step> steps_;      // one entry a step, none per rank
};

}  // namespace myriad
