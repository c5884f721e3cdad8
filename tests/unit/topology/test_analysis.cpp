// Figures of topologies against values derived by hand.

#include "interconnect/topology/analysis.h"
#include "interconnect/topology/build.h"
#include "interconnect/topology/max_flow.h"
#include "tests/unit/topology/clusters.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;

namespace {

constexpr std::int64_t kLink = 50'000'000'000;  // of one_server()

TopologyAnalysis analysis_of(const ClusterConfig& config, const AnalysisLimits& limits = {}) {
    return analyse(build_topology(config), limits);
}

double links_across(const ClusterConfig& config) {
    return static_cast<double>(analysis_of(config).bisection.value.count()) / static_cast<double>(kLink);
}

}  // namespace

TEST_CASE("bisection of a server counts the links between its halves") {
    // K8: each of 4 cards to each of 4 others.
    CHECK(links_across(one_server(simple(WiringRecipe::full_mesh, 8), 8)) == 16);
    CHECK(links_across(one_server(simple(WiringRecipe::ring, 8), 8)) == 2);
    // K4 x K4: rows 0, 1 against rows 2, 3: in each of 4 columns 2 x 2 links.
    CHECK(links_across(one_server(k4_k4(), 16)) == 16);
    CHECK(links_across(one_server(simple(WiringRecipe::matched_quads, 8), 8)) == 4);
    // A switch of 8: the bonds of 4 cards, 7 links each.
    CHECK(links_across(one_server(simple(WiringRecipe::icn_switch, 8), 8)) == 28);
}

TEST_CASE("bisection of a single server with NICs counts ICN alone") {
    const TopologyAnalysis analysis = analysis_of(switch_cluster(1));
    CHECK(analysis.bisection.value == BytesPerSecond{16 * kLink});
    CHECK(analysis.bisection.certainty == Certainty::exact);
}

TEST_CASE("bisection of a fabric is its narrowest stage") {
    // One switch, 4 servers: two servers' NICs, 2 x 16 ports of 25 GB/s.
    CHECK(analysis_of(switch_cluster(4)).bisection.value == BytesPerSecond{32 * 25'000'000'000});
    // Clos of 8 servers, 16 ports a leaf, 4 spines by 2 links of 50 GB/s: the first half's 4 leaves (2 a port) have
    // 4 x 8 x 50 = 1,600 GB/s up, and their 64 NIC ports 64 x 25 = 1,600. With half the spines the up-links decide.
    CHECK(analysis_of(clos_cluster(8, 16, 4, 2)).bisection.value == BytesPerSecond{1'600'000'000'000});
    CHECK(analysis_of(clos_cluster(8, 16, 2, 2)).bisection.value == BytesPerSecond{800'000'000'000});
    // PCIe of 16 GB/s a NIC: 4 servers x 8 NICs.
    ClusterConfig narrow = clos_cluster(8, 16, 4, 2);
    narrow.server.pcie.bandwidth = BytesPerSecond{16'000'000'000};
    CHECK(analysis_of(narrow).bisection.value == BytesPerSecond{32 * 16'000'000'000});
}

TEST_CASE("bisection of sixteen thousand cards on HPN is the up-links of four segments") {
    const TopologyAnalysis analysis = analysis_of(hpn_cluster(1024));
    // 4 segments x 16 ToRs x 60 up-links x 50 GB/s = 192 TB/s, below the NICs' 512 x 16 x 25 GB/s = 204.8 TB/s.
    CHECK(analysis.bisection.value == BytesPerSecond{192'000'000'000'000});
    CHECK(analysis.bisection.certainty == Certainty::exact);
    CHECK(analysis.diameter.value == 8);
    CHECK(analysis.diameter.certainty == Certainty::sampled);
    CHECK(analysis.diameter.note == "from 64 of 16384 cards to all others");
}

TEST_CASE("above the limit of size the bisection is a bound that is not below the flow") {
    for (const ClusterConfig& config : {hpn_cluster(256), clos_cluster(8, 16, 2, 2), switch_cluster(3)}) {
        const Topology topology = build_topology(config);
        const auto exact = bisection_bandwidth(topology);
        const auto bound = bisection_bandwidth(topology, {.max_flow_edges = 0});
        CHECK(bound.certainty == Certainty::upper_bound);
        CHECK(bound.value >= exact.value);
        // On these regular networks the cuts tier by tier contain the least one, but for the odd server that the halves
        // of 3 servers divide.
        if (config.servers % 2 == 0) {
            CHECK(bound.value == exact.value);
        }
    }
}

TEST_CASE("distances and path counts of K4 x K4") {
    const TopologyAnalysis analysis = analysis_of(one_server(k4_k4(), 16));
    CHECK(analysis.diameter.value == 2);
    // 6 cards at one hop, 9 at two: (6 + 18) / 15; one path to each of the 6, two to each of the 9.
    CHECK(analysis.average_distance.value == Approx(24.0 / 15));
    CHECK(analysis.paths_min.value == 1);
    CHECK(analysis.paths_max.value == 2);
    CHECK(analysis.paths_mean.value == Approx((6 + 18) / 15.0));
    CHECK(analysis.diameter.certainty == Certainty::exact);
    CHECK(analysis.links_used_min == 6);
    CHECK(analysis.links_dark_max == 1);
    CHECK(analysis.icn_injection == BytesPerSecond{6 * kLink});
    CHECK(analysis.fabric_injection == BytesPerSecond{0});
}

TEST_CASE("distances of the eight-card board and of a ring") {
    const TopologyAnalysis board = analysis_of(one_server(simple(WiringRecipe::matched_quads, 8), 8));
    CHECK(board.diameter.value == 2);
    CHECK(board.average_distance.value == Approx((4 + 3 * 2) / 7.0));
    CHECK(board.links_dark_max == 3);
    const TopologyAnalysis ring = analysis_of(one_server(simple(WiringRecipe::ring, 8), 8));
    CHECK(ring.diameter.value == 4);
    CHECK(ring.average_distance.value == Approx((2 * (1 + 2 + 3) + 4) / 7.0));
    CHECK(ring.paths_max.value == 2);  // to the opposite card
}

TEST_CASE("distances and paths between servers go through the fabric") {
    const TopologyAnalysis one = analysis_of(switch_cluster(2));
    CHECK(one.diameter.value == 6);   // PCIe switch, NIC, switch, NIC, PCIe switch, card
    CHECK(one.paths_max.value == 4);  // each of 2 ports there, each of 2 ports here: one switch joins them all
    CHECK(one.fabric_injection == BytesPerSecond{25'000'000'000});  // two cards share a NIC of 2 x 25 GB/s
    CHECK(one.unreachable_pairs == 0);
    const TopologyAnalysis hpn = analysis_of(hpn_cluster(128));
    CHECK(hpn.diameter.value == 8);
    CHECK(hpn.paths_max.value == 120);  // two planes of 60 aggregation switches
    // From any card: 15 in its server (6 at 1, 9 at 2), 127 servers x 2 cards of its rail at 6, 127 x 14 at 8.
    CHECK(hpn.average_distance.value == Approx((24 + 127 * 2 * 6 + 127 * 14 * 8) / 2047.0));
    CHECK(hpn.average_distance.certainty == Certainty::exact);
}

TEST_CASE("sampling meets the exact figures where all cards are alike") {
    const TopologyAnalysis exact = analysis_of(hpn_cluster(128));
    const TopologyAnalysis sampled = analysis_of(hpn_cluster(128), {.exact_cards = 100, .samples = 32});
    CHECK(sampled.average_distance.certainty == Certainty::sampled);
    CHECK(sampled.average_distance.value == Approx(exact.average_distance.value));
    CHECK(sampled.paths_mean.value == Approx(exact.paths_mean.value));
}

TEST_CASE("products of random factors look the same from every card") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        Lcg random(seed);
        const WiringConfig wiring = random_product(random);
        int cards = 1;
        for (const WiringConfig& factor : wiring.factors) {
            cards *= factor.size;
        }
        ClusterConfig config = one_server(wiring, cards);
        config.server.link_budget = LinkBudget::divided;
        const TopologyAnalysis all = analysis_of(config);
        const TopologyAnalysis one = analysis_of(config, {.exact_cards = 0, .samples = 1});
        CHECK(one.average_distance.value == Approx(all.average_distance.value));
        CHECK(one.diameter.value == all.diameter.value);
        CHECK(one.paths_mean.value == Approx(all.paths_mean.value));
        CHECK(all.links_used_min == all.links_used_max);
        CHECK(all.bisection.value.count() <= all.icn_injection.count() * (cards / 2));
    }
}

TEST_CASE("a single card has no distances and no bisection") {
    const TopologyAnalysis analysis = analysis_of(one_server(simple(WiringRecipe::full_mesh, 1), 1));
    CHECK(analysis.bisection.value == BytesPerSecond{0});
    CHECK(analysis.diameter.value == 0);
    CHECK(analysis.paths_min.value == 0);
}

TEST_CASE("the greatest flow finds its way back through a wrong first choice") {
    // Two disjoint paths 0-1-3-5 and 0-2-4-5 with a tempting link 1-4: the flow is 2 only if 1-4 stays unused.
    MaxFlow flow(6);
    flow.add_link(0, 1, 1);
    flow.add_link(0, 2, 1);
    flow.add_link(1, 4, 1);
    flow.add_link(1, 3, 1);
    flow.add_link(2, 4, 1);
    flow.add_link(3, 5, 1);
    flow.add_link(4, 5, 1);
    CHECK(flow.solve(0, 5) == 2);
}

TEST_CASE("the greatest flow equals the least cut over all cuts of small random graphs") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        INFO("seed " << seed);
        Lcg random(seed);
        const int nodes = 3 + random.below(6);
        std::vector<std::array<int, 3>> links;
        MaxFlow flow(static_cast<std::uint32_t>(nodes));
        for (int i = 0; i < nodes * 2; ++i) {
            const std::array<int, 3> link{random.below(nodes), random.below(nodes), random.below(10)};
            links.push_back(link);
            flow.add_link(static_cast<std::uint32_t>(link[0]), static_cast<std::uint32_t>(link[1]), link[2]);
        }
        int least = 1'000'000;
        for (int set = 0; set < 1 << nodes; ++set) {
            if ((set & 1) == 0 || (set >> 1 & 1) == 1) {
                continue;  // node 0 inside, node 1 outside
            }
            int sum = 0;
            for (const auto& [a, b, capacity] : links) {
                sum += (set >> a & 1) != (set >> b & 1) ? capacity : 0;
            }
            least = std::min(least, sum);
        }
        CHECK(flow.solve(0, 1) == least);
    }
}
