// Where links are shared, the two levels differ: the formula gives every step its bottleneck's load, the packets queue.
// Each case states the ratio packet / formula that was measured and is held to it with a small margin.

#include "tests/support/systems.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace myriad;
using namespace myriad::test;

namespace {

constexpr BytesPerSecond kDerated{48'000'000'000};

struct Range {
    double least;
    double most;
};

// packet / formula over the sizes.
Range ratios(AllLevels& levels, CollectiveOp op, CollectiveAlgorithm algorithm,
             const std::vector<std::int64_t>& sizes) {
    CommunicatorSpec spec = world_spec(levels.packet.topology(), algorithm);
    spec.dimension = std::string(name_of(op)) + " by " + std::string(name_of(algorithm));
    const CommunicatorId packet = levels.packet.network().create_communicator(spec);
    const CommunicatorId analytic = levels.analytic.network().create_communicator(spec);
    Range range{1e9, 0.0};
    for (const std::int64_t size : sizes) {
        const CollectiveCall call{op, Bytes{size}};
        const auto by_packet = static_cast<double>(collective_time(levels.packet, packet, call).count());
        const auto by_formula = static_cast<double>(collective_time(levels.analytic, analytic, call).count());
        range.least = std::min(range.least, by_packet / by_formula);
        range.most = std::max(range.most, by_packet / by_formula);
    }
    return range;
}

const std::vector<std::int64_t> kSizes{1 << 20, 3'145'729, 1 << 26};

#define CHECK_RATIO(levels, op, algorithm, low, high)                                                 \
    do {                                                                                              \
        const Range range = ratios(levels, CollectiveOp::op, CollectiveAlgorithm::algorithm, kSizes); \
        CAPTURE(#op, #algorithm, range.least, range.most);                                            \
        CHECK(range.least >= (low));                                                                  \
        CHECK(range.most <= (high));                                                                  \
    } while (false)

}  // namespace

// The formula makes every step wait for the slowest; packets let a rank go on when its own part is there, which is why a
// ratio can be below 1. Above 1 is what queues in series and uneven turns cost.
TEST_CASE("flat algorithms on K4 x K4, whose ranks are not all neighbours") {
    AllLevels levels(reference::one_server(reference::ppu_16()), Bytes{65'536});
    CHECK_RATIO(levels, all_reduce, ring, 0.9, 1.1);
    CHECK_RATIO(levels, all_reduce, direct, 0.91, 1.01);
    CHECK_RATIO(levels, all_reduce, halving_doubling, 1.0 - 1e-6, 1.0 + 1e-6);
    CHECK_RATIO(levels, all_gather, direct, 0.91, 1.05);
    CHECK_RATIO(levels, reduce_scatter, direct, 0.91, 1.05);
    CHECK_RATIO(levels, all_to_all, direct, 0.91, 1.05);
    CHECK_RATIO(levels, all_to_all, ring, 0.95, 1.0);
    CHECK_RATIO(levels, broadcast, direct, 1.1, 1.35);
}

// Everyone begins with its own next neighbour, so at any time each receiver hears one sender: nothing queues for more
// than a cell.
TEST_CASE("direct through one switch: all senders, all receivers, rotated") {
    AllLevels levels(icn_server(WiringRecipe::icn_switch, 16, kDerated, ns(500)), Bytes{65'536});
    CHECK_RATIO(levels, all_reduce, direct, 1.0 - 1e-6, 1.00001);
    CHECK_RATIO(levels, all_to_all, direct, 1.0 - 1e-6, 1.00001);
    CHECK_RATIO(levels, all_gather, direct, 1.0 - 1e-6, 1.00001);
}

// The root waits for nobody in the scattering half, so all its messages take turns at its port; the formula (and a
// library that sends them one by one) lets the largest go first.
TEST_CASE("a broadcast by halving and doubling: the root sends all its parts at once") {
    AllLevels levels(icn_server(WiringRecipe::icn_switch, 16, kDerated, ns(500)), Bytes{65'536});
    CHECK_RATIO(levels, broadcast, halving_doubling, 1.4, 2.3);
}

// A flat ring crosses the network on one hop of sixteen: small chunks are handed on around it, large ones queue there.
TEST_CASE("four servers on HPN 7.0") {
    AllLevels levels(reference::ppu_cluster(4), Bytes{65'536});
    CHECK_RATIO(levels, all_reduce, hierarchical, 0.98, 1.0);
    CHECK_RATIO(levels, all_gather, hierarchical, 1.0, 1.02);
    CHECK_RATIO(levels, reduce_scatter, hierarchical, 1.0, 1.04);
    CHECK_RATIO(levels, all_to_all, hierarchical, 0.96, 1.03);
    CHECK_RATIO(levels, all_to_all, direct, 1.03, 1.3);
    CHECK_RATIO(levels, broadcast, hierarchical, 1.02, 1.15);
    CHECK_RATIO(levels, all_reduce, ring, 0.9, 1.1);
}

TEST_CASE("four servers in two HPN segments, through the aggregation tier") {
    ClusterConfig cluster = reference::ppu_cluster(4);
    cluster.fabric.hosts_per_segment = 2;
    AllLevels levels(cluster, Bytes{65'536});
    CHECK_RATIO(levels, all_reduce, hierarchical, 0.98, 1.0);
    CHECK_RATIO(levels, all_to_all, hierarchical, 0.94, 1.03);
    CHECK_RATIO(levels, all_reduce, ring, 0.9, 1.1);
}
