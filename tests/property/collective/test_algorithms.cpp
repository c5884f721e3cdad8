// Every algorithm keeps the promise of every operation that it says it can do, for groups of any size.

#include "interconnect/collective/algorithm_table.h"
#include "interconnect/collective/borrowed_schedule.h"
#include "interconnect/collective/listed_schedule.h"
#include "interconnect/collective/proof.h"
#include "interconnect/collective/uneven_exchange.h"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using namespace myriad;

namespace {

using Op = CollectiveOp;
using Algorithm = CollectiveAlgorithm;

constexpr Op kOps[] = {Op::all_reduce, Op::all_gather, Op::reduce_scatter, Op::all_to_all,
                       Op::broadcast,  Op::reduce,     Op::gather,         Op::scatter};

void check(const ScheduleRequest& request) {
    const auto schedule = make_schedule(request);
    const Proof proof = prove(*schedule, request.op, request.root);
    CAPTURE(name_of(request.op), name_of(request.algorithm), hierarchy_text(request.shape.hierarchy), request.root,
            proof.violation);
    CHECK(proof.holds);
    // What the closed form takes for a pipeline is one: every piece goes the way of the lone one.
    const auto lone = schedule->lone_piece();
    if (lone != nullptr) {
        CHECK(schedule->chunks() % lone->chunks() == 0);
        CHECK(schedule->steps() == lone->steps() + schedule->chunks() / lone->chunks() - 1);
        CHECK(prove(*lone, request.op, request.root).holds);
    }
}

// A listing with the owners of chunks that another schedule names.
class Mutated final : public Schedule {
public:
    Mutated(const Schedule& original, const ScheduleListing& listing) : original_(original), listed_(listing) {}
    int ranks() const override { return listed_.ranks(); }
    int steps() const override { return listed_.steps(); }
    std::int64_t chunks() const override { return listed_.chunks(); }
    void sends(int rank, int step, std::vector<Transfer>& out) const override { listed_.sends(rank, step, out); }
    int receives(int rank, int step) const override { return listed_.receives(rank, step); }
    int pattern(int step) const override { return step; }
    std::int64_t chunk_of_rank(int rank, int part) const override { return original_.chunk_of_rank(rank, part); }

private:
    const Schedule& original_;
    ListedSchedule listed_;
};

std::set<int> roots_of(Op op, int ranks) {
    return has_root(op) ? std::set<int>{0, 1 % ranks, ranks / 2, ranks - 1} : std::set<int>{0};
}

// All that can be done in a group of this structure.
void check_all(const std::vector<int>& hierarchy) {
    const GroupShape shape{.hierarchy = hierarchy};
    for (const Op op : kOps) {
        for (const Algorithm algorithm : candidates(op, shape)) {
            for (const int root : roots_of(op, shape.ranks())) {
                check({op, algorithm, shape, root, Bytes{40'000}});
            }
        }
    }
}

}  // namespace

TEST_CASE("every algorithm keeps its promise in every group of 1 to 17 ranks") {
    for (int ranks = 1; ranks <= 17; ++ranks) {
        check_all({ranks});
    }
}

TEST_CASE("every algorithm keeps its promise for primes, odd numbers and 64") {
    for (const int ranks : {19, 23, 33, 45, 64}) {
        check_all({ranks});
    }
}

TEST_CASE("every algorithm keeps its promise above 64 ranks, where the proof counts sums of random numbers") {
    check_all({67});
}

TEST_CASE("every algorithm keeps its promise in hierarchies, of odd factors too") {
    const std::vector<std::vector<int>> hierarchies{{2, 2}, {4, 4},    {3, 5},    {5, 3},      {7, 2},
                                                    {1, 7}, {5, 1, 3}, {3, 3, 3}, {4, 3, 2},   {2, 3, 4},
                                                    {8, 5}, {3, 1, 1}, {6, 6},    {2, 2, 2, 2}};
    for (const std::vector<int>& hierarchy : hierarchies) {
        check_all(hierarchy);
    }
}

TEST_CASE("a grid of any mixture of dimensions keeps its promise") {
    const Algorithm simple[] = {Algorithm::ring, Algorithm::direct, Algorithm::halving_doubling};
    for (const std::vector<int>& hierarchy : {std::vector<int>{4, 2, 8}, {2, 4, 2}, {8, 4, 2}}) {
        for (int mixture = 0; mixture < 27; ++mixture) {
            const GroupShape shape{
                .hierarchy = hierarchy,
                .per_dimension = {simple[mixture % 3], simple[mixture / 3 % 3], simple[mixture / 9]}};
            for (const Op op : kOps) {
                for (const int root : roots_of(op, shape.ranks())) {
                    check({op, Algorithm::multi_dimensional, shape, root, Bytes{}});
                }
            }
        }
    }
}

TEST_CASE("a group of more than a thousand ranks is proven too") {
    // By the algorithms whose transfers can be counted in a second; 1,009 is prime.
    const Algorithm algorithms[] = {Algorithm::halving_doubling, Algorithm::rabenseifner, Algorithm::recursive_doubling,
                                    Algorithm::bruck, Algorithm::binomial_tree};
    for (const int ranks : {1009, 1024}) {
        const GroupShape shape{.hierarchy = {ranks}};
        for (const Algorithm algorithm : algorithms) {
            for (const Op op : kOps) {
                if (op != Op::all_to_all && can_do(entry_of(algorithm), op)) {
                    check({op, algorithm, shape, ranks / 3, Bytes{}});
                }
            }
        }
        check({Op::all_reduce, Algorithm::double_binary_tree, shape, 0, Bytes{10'000}});
        check({Op::broadcast, Algorithm::double_binary_tree, shape, ranks - 1, Bytes{10'000}});
    }
    check({Op::all_reduce, Algorithm::multi_dimensional, {.hierarchy = {16, 7, 9}}, 0, Bytes{}});
    check({Op::all_reduce, Algorithm::double_binary_tree, {.hierarchy = {8, 127}}, 0, Bytes{10'000}});
}

TEST_CASE("candidates are what the table allows, and nothing that it cannot make") {
    const GroupShape pair{.hierarchy = {2}};
    CHECK(candidates(Op::all_to_all, pair) == std::vector{Algorithm::ring, Algorithm::direct,
                                                          Algorithm::halving_doubling, Algorithm::bruck,
                                                          Algorithm::pairwise, Algorithm::hierarchical});
    const GroupShape grid{.hierarchy = {4, 4}};
    CHECK(candidates(Op::gather, grid) == std::vector{Algorithm::ring, Algorithm::bidirectional_ring,
                                                      Algorithm::multi_ring, Algorithm::direct,
                                                      Algorithm::halving_doubling, Algorithm::binomial_tree,
                                                      Algorithm::hierarchical, Algorithm::multi_dimensional});
}

TEST_CASE("an algorithm says which operations and groups it cannot do, and what can") {
    CHECK_THROWS_WITH(make_schedule(Op::reduce_scatter, Algorithm::bruck, 12),
                      Catch::Contains("bruck does all_gather, all_to_all, not reduce_scatter; for this group "
                                      "reduce_scatter can be done by ring, bidirectional_ring, multi_ring, direct, "
                                      "halving_doubling, hierarchical"));
    CHECK_THROWS_WITH(make_schedule(Op::all_reduce, Algorithm::multi_dimensional, 12),
                      Catch::Contains("multi_dimensional needs two dimensions or more, such as hierarchy 4x4") &&
                          Catch::Contains("found 12; all_reduce can be done by ring"));
    CHECK_THROWS_WITH(make_schedule(Op::all_reduce, Algorithm::hierarchical, 12, {4, 3}, 0,
                                    {Algorithm::direct, Algorithm::halving_doubling}),
                      Catch::Contains("hierarchical needs a power of two of ranks in each dimension that is halved"));
    CHECK_THROWS_WITH(make_schedule(Op::all_reduce, Algorithm::hierarchical, 12, {4, 4}),
                      Catch::Contains("hierarchy 4x4 does not make up the group of 12 ranks"));
    CHECK_THROWS_WITH(make_schedule(Op::broadcast, Algorithm::ring, 4, {}, 4),
                      Catch::Contains("root 4 is not a rank of a group of 4"));
}

TEST_CASE("uneven exchanges carry every block, empty ones too, to the byte") {
    for (const int ranks : {1, 2, 3, 5, 8, 13, 64}) {
        for (const auto blocks :
             {BlockDistribution::even, BlockDistribution::zipf, BlockDistribution::random, BlockDistribution::banded}) {
            for (const Algorithm algorithm : {Algorithm::direct, Algorithm::pairwise}) {
                for (const std::int64_t size : {0, 1, 97, 1'000'003}) {
                    const GroupShape shape{.hierarchy = {ranks}, .block_weights = block_weights(blocks, ranks, 1.3, 7)};
                    check({Op::all_to_allv, algorithm, shape, 0, Bytes{size}});
                }
            }
        }
    }
}

TEST_CASE("blocks of an uneven exchange are cut like buffers: rows in proportion to the heaviest") {
    // Rows of 6 and 3; size 100 is the first one's: 100 x 1/6, x 6/6; the second: 100 x 3/6 and nothing more.
    CHECK(block_bytes({1, 5, 3, 0}, 2, Bytes{100}) == std::vector<std::int64_t>{16, 84, 50, 0});
}

TEST_CASE("the listing of a schedule is the schedule") {
    for (const Op op : {Op::all_reduce, Op::all_gather, Op::reduce_scatter, Op::broadcast, Op::gather}) {
        const auto original = make_schedule(op, Algorithm::halving_doubling, 12, {}, 0);
        const ListedSchedule copy(listing_of(*original, op, 0, "copy"));
        CHECK(prove(copy, op).violation.empty());
        CHECK(copy.steps() == original->steps());
    }
}

// Takes one transfer out of a listing, or changes it; the proof must notice, whichever it is.
TEST_CASE("the proof notices any transfer that is missing, or carries another chunk, in any algorithm") {
    const std::uint32_t seed = 20'261;
    CAPTURE(seed);
    std::mt19937 random(seed);
    int noticed = 0;
    // Not broadcast: where it gathers after scattering, the root is sent what it has, and nobody misses that.
    for (const Op op : {Op::all_reduce, Op::all_gather, Op::reduce_scatter, Op::reduce, Op::gather, Op::scatter}) {
        const GroupShape shape{.hierarchy = {3, 4}};
        for (const Algorithm algorithm : candidates(op, shape)) {
            const auto schedule = make_schedule({op, algorithm, shape, 5, Bytes{40'000}});
            const ScheduleListing listing = listing_of(*schedule, op, has_root(op) ? 5 : 0, "mutant");
            for (int mutant = 0; mutant < 20; ++mutant) {
                ScheduleListing changed = listing;
                const std::size_t victim = random() % changed.transfers.size();
                Transfer& transfer = changed.transfers[victim].transfer;
                if (mutant % 2 == 0 || transfer.chunk_count == changed.chunks) {
                    changed.transfers.erase(changed.transfers.begin() + static_cast<std::ptrdiff_t>(victim));
                } else {
                    transfer.first_chunk = (transfer.first_chunk + 1) % changed.chunks;
                }
                // Chunks have the owners of the original, not of a listing: wrapped for the check of the promise.
                const Mutated mutated(*schedule, changed);
                const Proof proof = prove(mutated, op, has_root(op) ? 5 : 0);
                CAPTURE(name_of(op), name_of(algorithm), mutant, victim);
                CHECK_FALSE(proof.holds);
                noticed += proof.holds ? 0 : 1;
            }
        }
    }
    CHECK(noticed > 500);
}

TEST_CASE("the proof rejects an uneven exchange that mixes up blocks or miscounts bytes") {
    const GroupShape shape{.hierarchy = {4}, .block_weights = block_weights(BlockDistribution::zipf, 4, 1.0, 1)};
    const auto schedule = make_schedule({Op::all_to_allv, Algorithm::direct, shape, 0, Bytes{1000}});
    class Short final : public BorrowedSchedule {
    public:
        using BorrowedSchedule::BorrowedSchedule;
        void sends(int rank, int step, std::vector<Transfer>& out) const override {
            BorrowedSchedule::sends(rank, step, out);
            out.front().chunk_count -= rank == 2 ? 1 : 0;
        }
    };
    // Weights 1, 1/2, 1/3 (rounded down), 1/4 of 1,000 bytes: blocks end at 480, 720, 879 and 1,000; rank 2 begins with
    // its 121 for rank 3.
    CHECK(prove(Short(*schedule), Op::all_to_allv).violation ==
          "step 0: rank 2 names blocks of 121 chunks for 120 chunks");
}
