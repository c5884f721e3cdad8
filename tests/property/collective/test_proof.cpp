// Every schedule keeps its collective's promise, and the proof rejects schedules that do not.

#include "interconnect/collective/make_schedule.h"
#include "interconnect/collective/proof.h"

#include <catch2/catch.hpp>

#include <functional>
#include <numeric>

using namespace myriad;

namespace {

constexpr CollectiveOp kOps[] = {CollectiveOp::all_reduce, CollectiveOp::all_gather, CollectiveOp::reduce_scatter,
                                 CollectiveOp::all_to_all, CollectiveOp::broadcast,  CollectiveOp::reduce,
                                 CollectiveOp::gather,     CollectiveOp::scatter};
constexpr CollectiveAlgorithm kFlat[] = {CollectiveAlgorithm::ring, CollectiveAlgorithm::direct,
                                         CollectiveAlgorithm::halving_doubling};

bool is_power_of_two(int n) { return (n & (n - 1)) == 0; }

int product(const std::vector<int>& sizes) {
    return std::accumulate(sizes.begin(), sizes.end(), 1, [](int a, int b) { return a * b; });
}

void check_all_roots(CollectiveOp op, const std::function<std::unique_ptr<Schedule>(int)>& make, int ranks) {
    const int roots[] = {0, 1 % ranks, ranks / 2, ranks - 1};
    for (const int root : roots) {
        const Proof proof = prove(*make(root), op, root);
        CAPTURE(name_of(op), ranks, root, proof.violation);
        CHECK(proof.holds);
        if (!has_root(op)) {
            return;
        }
    }
}

// A schedule with one thing changed.
class Mutant final : public Schedule {
public:
    explicit Mutant(std::unique_ptr<Schedule> original) : original_(std::move(original)) {}
    std::function<void(int rank, int step, std::vector<Transfer>&)> change_sends;
    std::function<int(int rank, int step, int)> change_receives;
    std::function<int(int step, int)> change_pattern;
    std::function<int(int steps)> change_steps;
    std::function<std::int64_t(int rank, std::int64_t)> change_owner;
    std::function<void(int rank, std::vector<Block>&)> change_blocks;

    int ranks() const override { return original_->ranks(); }
    int steps() const override { return change_steps ? change_steps(original_->steps()) : original_->steps(); }
    std::int64_t chunks() const override { return original_->chunks(); }
    void sends(int rank, int step, std::vector<Transfer>& out) const override {
        original_->sends(rank, step, out);
        if (change_sends) {
            change_sends(rank, step, out);
        }
    }
    int receives(int rank, int step) const override {
        const int truth = original_->receives(rank, step);
        return change_receives ? change_receives(rank, step, truth) : truth;
    }
    int pattern(int step) const override {
        const int truth = original_->pattern(step);
        return change_pattern ? change_pattern(step, truth) : truth;
    }
    std::int64_t chunk_of_rank(int rank, int part) const override {
        const std::int64_t truth = original_->chunk_of_rank(rank, part);
        return change_owner ? change_owner(rank, truth) : truth;
    }
    void blocks(int rank, int step, const Transfer& transfer, std::vector<Block>& out) const override {
        original_->blocks(rank, step, transfer, out);
        if (change_blocks) {
            change_blocks(rank, out);
        }
    }

private:
    std::unique_ptr<Schedule> original_;
};

Mutant ring_all_reduce(int ranks = 6) {
    return Mutant(make_schedule(CollectiveOp::all_reduce, CollectiveAlgorithm::ring, ranks));
}

std::string violation_of(const Mutant& mutant, CollectiveOp op, int root = 0) {
    const Proof proof = prove(mutant, op, root);
    CHECK_FALSE(proof.holds);
    return proof.violation;
}

}  // namespace

TEST_CASE("hierarchical schedules keep their promise, whatever runs in each dimension") {
    const std::vector<std::vector<int>> hierarchies{{2, 2},    {4, 4},       {4, 4, 4}, {3, 5, 2}, {1, 7},
                                                    {5, 1, 3}, {2, 2, 2, 2}, {4, 3, 4}, {8},       {6, 8}};
    for (const CollectiveOp op : kOps) {
        for (const std::vector<int>& hierarchy : hierarchies) {
            // Every assignment of the three algorithms to the dimensions that their sizes allow.
            const auto dimensions = hierarchy.size();
            const int assignments = product(std::vector<int>(dimensions, 3));
            for (int assignment = 0; assignment < assignments; ++assignment) {
                std::vector<CollectiveAlgorithm> algorithms;
                bool possible = true;
                for (std::size_t d = 0, rest = static_cast<std::size_t>(assignment); d < dimensions; ++d, rest /= 3) {
                    algorithms.push_back(kFlat[rest % 3]);
                    possible = possible && (rest % 3 != 2 || is_power_of_two(hierarchy[d]));
                }
                const int ranks = product(hierarchy);
                CAPTURE(hierarchy_text(hierarchy), assignment);
                if (possible) {
                    check_all_roots(
                        op,
                        [&](int root) {
                            return make_schedule(op, CollectiveAlgorithm::hierarchical, ranks, hierarchy, root,
                                                 algorithms);
                        },
                        ranks);
                }
            }
        }
    }
}

TEST_CASE("schedules of more than 64 ranks keep their promise, with sets as sums") {
    for (const CollectiveOp op : kOps) {
        check_all_roots(
            op,
            [&](int root) {
                return make_schedule(op, CollectiveAlgorithm::hierarchical, 128, {4, 4, 8}, root);
            },
            128);
        check_all_roots(
            op, [&](int root) { return make_schedule(op, CollectiveAlgorithm::ring, 129, {}, root); }, 129);
        check_all_roots(
            op, [&](int root) { return make_schedule(op, CollectiveAlgorithm::halving_doubling, 256, {}, root); }, 256);
        check_all_roots(
            op, [&](int root) { return make_schedule(op, CollectiveAlgorithm::direct, 100, {}, root); }, 100);
    }
}

TEST_CASE("a ring all-reduce over 1,024 ranks keeps its promise") {
    const auto schedule = make_schedule(CollectiveOp::all_reduce, CollectiveAlgorithm::ring, 1024);
    CHECK(schedule->steps() == 2046);
    CHECK(prove(*schedule, CollectiveOp::all_reduce).violation.empty());
}

TEST_CASE("hierarchical collectives over 16,384 ranks keep their promise") {
    for (const CollectiveOp op :
         {CollectiveOp::all_reduce, CollectiveOp::all_gather, CollectiveOp::reduce_scatter, CollectiveOp::broadcast}) {
        CAPTURE(name_of(op));
        const auto schedule = make_schedule(op, CollectiveAlgorithm::hierarchical, 16384, {4, 4, 1024}, 4711);
        CHECK(prove(*schedule, op, 4711).violation.empty());
    }
    const auto exchange = make_schedule(CollectiveOp::all_to_all, CollectiveAlgorithm::hierarchical, 1024, {4, 4, 64});
    CHECK(prove(*exchange, CollectiveOp::all_to_all).violation.empty());
}

TEST_CASE("the proof rejects a schedule that forgets its last step") {
    Mutant mutant = ring_all_reduce();
    mutant.change_steps = [](int steps) { return steps - 1; };
    // In the last step, the fifth of gathering, rank 5 would send chunk 5 - 4 = 1 to rank 0, where it has the sum of
    // the ranks 2, 3, 4, 5 and 0 since it passed on its way to its owner, rank 1.
    CHECK(violation_of(mutant, CollectiveOp::all_reduce) ==
          "at the end chunk 1 of rank 0 holds 5 contributions, not each of 6 once: that of rank 1 is missing");
}

TEST_CASE("the proof rejects a transfer to the wrong peer by the count of the receiver") {
    Mutant mutant = ring_all_reduce();
    mutant.change_sends = [](int rank, int step, std::vector<Transfer>& out) {
        if (rank == 2 && step == 3) {
            out[0].peer = 4;
        }
    };
    CHECK(violation_of(mutant, CollectiveOp::all_reduce) == "step 3: rank 3 expects 1 transfers, 0 are sent to it");
}

TEST_CASE("the proof rejects a chunk that is added twice") {
    Mutant mutant = ring_all_reduce();
    // In step 1 rank 2 repeats what it sent in step 0: chunk 2 - 0 - 1 = 1.
    mutant.change_sends = [](int rank, int step, std::vector<Transfer>& out) {
        if (rank == 2 && step == 1) {
            out[0].first_chunk = 1;
        }
    };
    CHECK(violation_of(mutant, CollectiveOp::all_reduce) ==
          "step 1: rank 3 adds chunk 1 from rank 2: a contribution would count twice");
}

TEST_CASE("the proof rejects an overwrite where an addition belongs") {
    Mutant mutant = ring_all_reduce();
    mutant.change_sends = [](int rank, int step, std::vector<Transfer>& out) {
        out[0].reduce = out[0].reduce && !(rank == 0 && step == 0);
    };
    // Rank 0 sends chunk 0 - 0 - 1 = 5.
    CHECK(violation_of(mutant, CollectiveOp::all_reduce) ==
          "step 0: rank 1 overwrites chunk 5 from rank 0: a contribution would be lost");
}

TEST_CASE("the proof rejects an addition where an overwrite belongs") {
    Mutant mutant = ring_all_reduce();
    mutant.change_sends = [](int, int step, std::vector<Transfer>& out) { out[0].reduce = out[0].reduce || step == 9; };
    // Step 9 of 10 is the last one: rank r sends chunk r - (9 - 5) to a rank that still has part of it.
    CHECK(violation_of(mutant, CollectiveOp::all_reduce).find("would count twice") != std::string::npos);
}

TEST_CASE("the proof rejects data that the sender does not have") {
    Mutant mutant(make_schedule(CollectiveOp::all_gather, CollectiveAlgorithm::ring, 6));
    mutant.change_sends = [](int rank, int, std::vector<Transfer>& out) { out[0].first_chunk = (rank + 1) % 6; };
    CHECK(violation_of(mutant, CollectiveOp::all_gather) == "step 0: rank 0 sends chunk 1, which it does not have");
}

TEST_CASE("the proof rejects two transfers of a step that overwrite the same chunk") {
    Mutant mutant(make_schedule(CollectiveOp::all_gather, CollectiveAlgorithm::direct, 4));
    mutant.change_sends = [](int rank, int, std::vector<Transfer>& out) {
        if (rank == 0) {
            out.push_back(out.front());
        }
    };
    mutant.change_receives = [](int rank, int, int truth) { return truth + (rank == 1 ? 1 : 0); };
    CHECK(violation_of(mutant, CollectiveOp::all_gather) ==
          "step 0: rank 1 gets chunk 0 from rank 0 and from another one, not both adding");
}

TEST_CASE("the proof rejects a false claim of equal patterns") {
    Mutant mutant(make_schedule(CollectiveOp::all_reduce, CollectiveAlgorithm::halving_doubling, 8));
    mutant.change_pattern = [](int, int) { return 0; };
    CHECK(violation_of(mutant, CollectiveOp::all_reduce) == "steps 0 and 1 claim the same pattern but differ");
}

TEST_CASE("the proof rejects a wrong count of receives") {
    Mutant mutant = ring_all_reduce();
    mutant.change_receives = [](int rank, int step, int truth) { return rank == 5 && step == 7 ? 2 : truth; };
    CHECK(violation_of(mutant, CollectiveOp::all_reduce) == "step 7: rank 5 expects 2 transfers, 1 are sent to it");
}

TEST_CASE("the proof rejects transfers outside the group or the buffer, and to oneself") {
    const std::vector<std::function<void(Transfer&)>> faults{
        [](Transfer& t) { t.peer = 6; },         [](Transfer& t) { t.peer = -1; },
        [](Transfer& t) { t.peer = 0; },         [](Transfer& t) { t.first_chunk = 6; },
        [](Transfer& t) { t.first_chunk = -1; }, [](Transfer& t) { t.chunk_count = 0; },
        [](Transfer& t) { t.chunk_count = 7; }};
    for (const auto& fault : faults) {
        Mutant mutant = ring_all_reduce();
        mutant.change_sends = [&](int rank, int, std::vector<Transfer>& out) {
            if (rank == 0) {
                fault(out[0]);
            }
        };
        CHECK(violation_of(mutant, CollectiveOp::all_reduce).substr(0, 20) == "step 0: rank 0 sends");
    }
}

TEST_CASE("the proof rejects two ranks that own the same chunk") {
    Mutant mutant(make_schedule(CollectiveOp::reduce_scatter, CollectiveAlgorithm::ring, 6));
    mutant.change_owner = [](int rank, std::int64_t truth) { return rank == 3 ? 2 : truth; };
    CHECK(violation_of(mutant, CollectiveOp::reduce_scatter) ==
          "rank 3 owns chunk 2, which is outside or another rank's");
}

TEST_CASE("the proof rejects a reduce-scatter that leaves chunks with other owners than it says") {
    Mutant mutant(make_schedule(CollectiveOp::reduce_scatter, CollectiveAlgorithm::hierarchical, 4, {2, 2}));
    mutant.change_owner = [](int rank, std::int64_t) { return rank; };  // true only without a hierarchy
    CHECK(violation_of(mutant, CollectiveOp::reduce_scatter).find("at the end chunk 1 of rank 1") == 0);
}

TEST_CASE("the proof rejects blocks that the sender does not have, and blocks that end elsewhere") {
    Mutant stolen(make_schedule(CollectiveOp::all_to_all, CollectiveAlgorithm::direct, 4));
    stolen.change_blocks = [](int rank, std::vector<Block>& out) { out[0].source = (rank + 1) % 4; };
    CHECK(violation_of(stolen, CollectiveOp::all_to_all) ==
          "step 0: rank 0 sends block (1, 1), which it does not have");
    Mutant swapped(make_schedule(CollectiveOp::all_to_all, CollectiveAlgorithm::direct, 4));
    swapped.change_blocks = [](int rank, std::vector<Block>& out) {
        // Rank 0 mixes up what it has for 1 and for 2.
        if (rank == 0 && (out[0].destination == 1 || out[0].destination == 2)) {
            out[0].destination = 3 - out[0].destination;
        }
    };
    CHECK(violation_of(swapped, CollectiveOp::all_to_all) == "at the end rank 1 lacks block (0, 1)");
}

TEST_CASE("the proof rejects mutants above 64 ranks too") {
    Mutant twice = ring_all_reduce(100);
    twice.change_sends = [](int rank, int step, std::vector<Transfer>& out) {
        if (rank == 2 && step == 1) {
            out[0].first_chunk = 1;  // what it sent in step 0 already
        }
    };
    CHECK(violation_of(twice, CollectiveOp::all_reduce).find("contribution") != std::string::npos);
}
