// What the switch adds and multicasts, proven: nobody's contribution is lost or counted twice, and every rank has what
// the operation promises.

#include "interconnect/collective/algorithm_table.h"
#include "interconnect/collective/helpers.h"
#include "interconnect/collective/in_network_schedule.h"
#include "interconnect/collective/proof.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

constexpr CollectiveOp kOps[] = {CollectiveOp::all_reduce, CollectiveOp::reduce_scatter, CollectiveOp::all_gather};

// The same, but one helper leaves out what it sends in one step, or overwrites where it should add.
class Faulty final : public Schedule {
public:
    Faulty(const Schedule& original, int rank, int step, bool drops)
        : original_(original), rank_(rank), step_(step), drops_(drops) {}
    int ranks() const override { return original_.ranks(); }
    bool helped() const override { return true; }
    int steps() const override { return original_.steps(); }
    std::int64_t chunks() const override { return original_.chunks(); }
    void sends(int rank, int step, std::vector<Transfer>& out) const override {
        original_.sends(rank, step, out);
        if (rank == rank_ && step == step_) {
            if (drops_) {
                out.pop_back();
            } else {
                out.back().reduce = !out.back().reduce;
            }
        }
    }
    int receives(int rank, int step) const override {
        std::vector<Transfer> sent;
        int count = 0;
        for (int from = 0; from < HelperRanks{ranks()}.all(); ++from) {
            sends(from, step, sent);
            for (const Transfer& transfer : sent) {
                count += transfer.peer == rank ? 1 : 0;
            }
        }
        return count;
    }
    int pattern(int step) const override { return step; }

private:
    const Schedule& original_;
    int rank_;
    int step_;
    bool drops_;
};

}  // namespace

TEST_CASE("a switch keeps the promise of what it does for groups of 1 to 17, 64 and 67 ranks, in any pieces") {
    std::vector<int> sizes{64, 67};
    for (int ranks = 1; ranks <= 17; ++ranks) {
        sizes.push_back(ranks);
    }
    for (const int ranks : sizes) {
        for (const CollectiveOp op : kOps) {
            for (const int pieces : {1, 2, 3, 5, 64}) {
                const InNetworkSchedule schedule(op, ranks, pieces);
                const Proof proof = prove(schedule, op);
                CAPTURE(name_of(op), ranks, pieces, proof.violation);
                CHECK(proof.holds);
                const auto lone = schedule.lone_piece();
                if (lone != nullptr) {
                    CHECK(schedule.steps() == lone->steps() + pieces - 1);
                    CHECK(prove(*lone, op).holds);
                }
            }
        }
    }
}

TEST_CASE("the proof finds a helper that leaves something out or overwrites") {
    const int ranks = 5;
    const HelperRanks helpers{ranks};
    const InNetworkSchedule schedule(CollectiveOp::all_reduce, ranks, 3);
    // In step 2 a feeder sends piece 2, the adder hands out piece 1, a rank gives piece 0; in step 3 piece 0 is spread.
    CHECK_FALSE(prove(Faulty(schedule, helpers.feeder(3), 2, true), CollectiveOp::all_reduce).holds);
    CHECK_FALSE(prove(Faulty(schedule, helpers.adder(), 2, true), CollectiveOp::all_reduce).holds);
    CHECK_FALSE(prove(Faulty(schedule, 4, 2, true), CollectiveOp::all_reduce).holds);
    CHECK_FALSE(prove(Faulty(schedule, helpers.multicaster(), 3, true), CollectiveOp::all_reduce).holds);
    CHECK_FALSE(prove(Faulty(schedule, helpers.feeder(3), 2, false), CollectiveOp::all_reduce).holds);
    CHECK_FALSE(prove(Faulty(schedule, helpers.multicaster(), 3, false), CollectiveOp::all_reduce).holds);
    CHECK(prove(schedule, CollectiveOp::all_reduce).holds);
}

TEST_CASE("without a switch that reduces, in_network says what it needs") {
    CHECK_THROWS_WITH(make_schedule(CollectiveOp::all_reduce, CollectiveAlgorithm::in_network, 8),
                      Catch::Contains("in_network needs all ranks behind one switch that reduces (server key "
                                      "switch_reduction)"));
    const GroupShape behind{.hierarchy = {8}, .on_reducing_switch = true};
    CHECK(obstacle(CollectiveOp::all_reduce, CollectiveAlgorithm::in_network, behind).empty());
    CHECK_THAT(obstacle(CollectiveOp::all_to_all, CollectiveAlgorithm::in_network, behind),
               Catch::Contains("in_network does all_reduce, all_gather, reduce_scatter, not all_to_all"));
}
