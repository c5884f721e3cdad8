// Cards of a folded system: made for representatives, counted for all. 100 TFLOP/s and 1 us a launch.

#include "app/system/folded_system.h"
#include "sim/error/error.h"
#include "tests/support/systems.h"

#include <catch2/catch.hpp>

#include <variant>

using namespace myriad;
using namespace myriad::test;

namespace {

ClusterConfig sixteen_with_a_slow_card() {
    ClusterConfig cluster = reference::ppu_cluster(1);
    ClusterChange slow{ChangeTarget::card, "server0.card5"};
    slow.compute = 0.5;
    cluster.changes = {slow};
    return cluster;
}

Kernel tensor_work(Flop work) { return {.label = "work", .work = work, .read = Bytes{1000}, .written = Bytes{1000}}; }

}  // namespace

// 10^11 FLOP take 1 ms at 100 TFLOP/s, 2 ms on the slow card; 1 us of launch in front. Nobody sends anything, so the slow card
// is a class of its own and the fifteen others are one: 16 kernels in all, 16 kB read.
TEST_CASE("a slow card is told apart from others of its program") {
    FoldedSystem system(sixteen_with_a_slow_card(), reference::round_chip(), true);
    const Folding& folding = system.fold(std::vector<std::uint32_t>(16, 0));
    REQUIRE(folding.folded);
    CHECK(folding.representatives == std::vector{card(0), card(5)});
    CHECK(folding.multiplicity == std::vector<std::int64_t>{15, 1});
    Finishes finishes(system);
    system.elaborate();
    for (const CardId representative : folding.representatives) {
        system.card(representative).execute(tensor_work(Flop{1e11}), finishes.expect());
    }
    system.run();
    CHECK(finishes.at[0].time_since_epoch() == us(1001));
    CHECK(finishes.at[1].time_since_epoch() == us(2001));
    StatisticReport report;
    system.add_statistics(report);
    CHECK(std::get<std::int64_t>(report.rows().at("cards.kernels").value) == 16);
    CHECK(std::get<std::int64_t>(report.rows().at("cards.hbm_read").value) == 16'000);
    std::vector<std::string> held;
    system.check_laws(held);
    CHECK(held.size() == 5);
}
