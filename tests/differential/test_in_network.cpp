// A switch that adds and multicasts, at all network levels against the closed form: every byte of S goes up once and
// comes down once, and a share of S/n of it once more either way.

#include "tests/differential/check_collectives.h"

#include "sim/error/error.h"

#include <cmath>

using namespace myriad;
using namespace myriad::test;

namespace {

using Op = CollectiveOp;

constexpr auto kInNetwork = CollectiveAlgorithm::in_network;
constexpr BytesPerSecond kRate{48'000'000'000};
constexpr Picoseconds kLink = ns(500);
constexpr Picoseconds kThroughSwitch = ns(1100);  // up, the switch and down again

ClusterConfig reducing_server(int cards) {
    ClusterConfig cluster = icn_server(WiringRecipe::icn_switch, cards, kRate, kLink);
    cluster.server.switch_reduction = true;
    return cluster;
}

void check_one_piece(int n) {
    AllLevels levels(reducing_server(n), Bytes{65'536});
    // Collect S, hand out S/n, give S/n, spread S, one after another.
    check_collectives(levels,
                      {{Op::all_reduce, kInNetwork, {2, 2 * (n + 1), n, 4}},
                       {Op::reduce_scatter, kInNetwork, {1, n + 1, n, 2}},
                       {Op::all_gather, kInNetwork, {1, n + 1, n, 2}}},
                      {8, 4097, 65'536, 500'001}, kRate, kThroughSwitch);
}

}  // namespace

TEST_CASE("one piece through a switch of 8 that adds takes its four ways") { check_one_piece(8); }
TEST_CASE("one piece through a switch of 5 that adds takes its four ways") { check_one_piece(5); }

TEST_CASE("many pieces: the bus bandwidth of 8 cards is 2 (n-1)/(n+1) of a link") {
    constexpr int kCards = 8;
    constexpr std::int64_t kSize = 256 << 20;  // 64 pieces
    AllLevels levels(reducing_server(kCards), Bytes{65'536});
    CommunicatorSpec spec = world_spec(levels.packet.topology(), kInNetwork);
    const CollectiveCall call{Op::all_reduce, Bytes{kSize}};
    const auto seconds_of = [&](Platform& platform) {
        const CommunicatorId group = platform.network().create_communicator(spec);
        return seconds(collective_time(platform, group, call));
    };
    const double rate = static_cast<double>(kRate.count());
    const double formula = 2 * 1.1e-6 + (1 + 1.0 / kCards) * (kSize + kSize / 64) / rate;
    const double law = (1 + 1.0 / kCards) * kSize / rate;
    const double by_formula = seconds_of(levels.analytic);
    const double by_flow = seconds_of(levels.flow);
    const double by_packet = seconds_of(levels.packet);
    CAPTURE(formula, law, by_formula, by_flow, by_packet);
    CHECK(std::abs(by_formula / formula - 1) < 1e-6);
    // What the pipeline's ends cost depends on how the pieces take turns: a few pieces of 64.
    for (const double simulated : {by_flow, by_packet}) {
        CHECK(simulated > law);
        CHECK(std::abs(simulated / formula - 1) < 0.02);
    }
    const double busbw = 2.0 * (kCards - 1) / kCards * kSize / by_packet;
    CHECK(std::abs(busbw / (14.0 / 9.0 * rate) - 1) < 0.04);
    std::vector<std::string> held;
    CHECK_NOTHROW(levels.packet.check_laws(held));
    CHECK_NOTHROW(levels.flow.check_laws(held));
}

// Every rank enters both calls at once: the second begins at a rank when the first is done there, for its helpers too.
TEST_CASE("calls of a group follow one another through the switch") {
    AllLevels levels(reducing_server(6), Bytes{65'536});
    const CommunicatorSpec spec = world_spec(levels.packet.topology(), kInNetwork);
    for (Platform* platform : {static_cast<Platform*>(&levels.packet), static_cast<Platform*>(&levels.flow)}) {
        const CommunicatorId group = platform->network().create_communicator(spec);
        const CollectiveCall calls[] = {{Op::all_reduce, Bytes{600'000}}, {Op::reduce_scatter, Bytes{600'000}}};
        const Picoseconds first = collective_time(*platform, group, calls[0]);
        const Picoseconds second = collective_time(*platform, group, calls[1]);
        const TimePoint begin = platform->agenda().now();
        std::uint64_t done = 0;
        const Completion count{[](void* counter, std::uint64_t) { ++*static_cast<std::uint64_t*>(counter); }, &done, 0};
        for (int rank = 0; rank < 6; ++rank) {
            for (const CollectiveCall& call : calls) {
                platform->network().collective(group, rank, call, count);
            }
        }
        platform->run();
        CHECK(done == 12);
        // The second call's first stage may overlap the first's last: never longer than one after the other.
        const Picoseconds both = platform->agenda().now() - begin;
        CHECK(both <= first + second);
        CHECK(both > first);
        std::vector<std::string> held;
        CHECK_NOTHROW(platform->check_laws(held));
    }
}

TEST_CASE("a switch that only forwards adds nothing") {
    const ClusterConfig cluster = icn_server(WiringRecipe::icn_switch, 4, kRate, kLink);
    AnalyticSystem system(cluster, reference::round_chip(), false);
    const CommunicatorSpec spec = world_spec(system.topology(), kInNetwork);
    const CommunicatorId group = system.network().create_communicator(spec);
    CHECK_THROWS_AS(collective_time(system, group, {Op::all_reduce, Bytes{4096}}), UserError);
}
