// The choice among equal up-links: hashed (with its collisions) or dealt evenly.

#include "interconnect/routing/flow_hash.h"
#include "interconnect/routing/path.h"
#include "interconnect/routing/routes.h"
#include "interconnect/topology/build.h"
#include "tests/unit/topology/clusters.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

using namespace myriad;
using namespace myriad::test;

namespace {

// How many routes of the given pairs take each link between switches, by direction.
std::map<DirectedEdge, int> trunk_loads(const Topology& topology, Router& router, int cards,
                                        const std::function<int(int)>& partner) {
    std::map<DirectedEdge, int> loads;
    for (int from = 0; from < cards; ++from) {
        const CardId source{static_cast<std::uint32_t>(from)};
        const CardId target{static_cast<std::uint32_t>(partner(from))};
        for (const Route route : router.between(source, target)) {
            for_each_hop(topology, source, route, [&](DirectedEdge way, NodeId) {
                const Edge& edge = topology.edges[index(way.edge)];
                if (topology.nodes[index(edge.a)].tier >= 2) {
                    ++loads[way];
                }
            });
        }
    }
    return loads;
}

int most(const std::map<DirectedEdge, int>& loads) {
    int result = 0;
    for (const auto& [way, load] : loads) {
        result = std::max(result, load);
    }
    return result;
}

}  // namespace

TEST_CASE("spread deals a segment's exchange evenly over the up-links of HPN") {
    const Topology topology = build_topology(hpn_cluster(256));
    const auto router = make_router(topology, {FabricRouting::spread, 1});
    // Every card exchanges with the same card 128 servers away: the ToR of one rail and plane carries 128 servers x 2
    // cards = 256 flows over 60 up-links; 128 = 2 * 60 + 8 keys: 52 links with 2 servers, 8 with 3.
    const auto loads = trunk_loads(topology, *router, 4096, [](int c) { return (c + 2048) % 4096; });
    CHECK(loads.size() == 32 * 60 * 2);  // all links of all 32 ToRs, both ways
    std::map<int, int> histogram;
    for (const auto& [way, load] : loads) {
        ++histogram[load];
    }
    CHECK(histogram == std::map<int, int>{{4, 32 * 52 * 2}, {6, 32 * 8 * 2}});
}

TEST_CASE("spread has no collision for any shift of servers on a full Clos") {
    // 16 servers of 8 NICs, 32 ports a leaf (4 servers), 16 spines by 2 links = 32 up-links: as many as NICs.
    const Topology topology = build_topology(clos_cluster(16, 32, 16, 2));
    const auto router = make_router(topology, {FabricRouting::spread, 1});
    for (int shift = 4; shift <= 12; ++shift) {
        INFO("shift of " << shift << " servers");
        const auto loads = trunk_loads(topology, *router, 256, [&](int c) { return (c + shift * 16) % 256; });
        CHECK(most(loads) == 2);  // the two cards of a NIC
    }
}

TEST_CASE("ecmp collides as a hash does, the same way each time, and another way with another seed") {
    const Topology topology = build_topology(hpn_cluster(256));
    const auto partner = [](int c) { return (c + 2048) % 4096; };
    const auto first = make_router(topology, {FabricRouting::ecmp, 1});
    const auto again = make_router(topology, {FabricRouting::ecmp, 1});
    const auto other = make_router(topology, {FabricRouting::ecmp, 2});
    const auto loads = trunk_loads(topology, *first, 4096, partner);
    CHECK(loads == trunk_loads(topology, *again, 4096, partner));
    CHECK(loads != trunk_loads(topology, *other, 4096, partner));
    // 128 NICs thrown into 60 up-links at random: worse than dealt evenly (3 NICs of 2 cards), but not absurd. The
    // chance that a link gets 14 or more NICs (mean 2.13, Poisson) is 1e-7, times 3,840 links.
    CHECK(most(loads) > 6);
    CHECK(most(loads) < 28);
    // All up-links together carry each flow once: 4,096 cards x 2 planes x (up + down).
    int sum = 0;
    for (const auto& [way, load] : loads) {
        sum += load;
    }
    CHECK(sum == 4096 * 2 * 2);
}

TEST_CASE("the flow hash is fixed and spreads evenly over any number of links") {
    // Chi-square over 60 bins of 60,000 consecutive numbers: 59 degrees of freedom, mean 59, standard deviation 10.9.
    std::vector<double> bins(60, 0);
    for (std::uint64_t i = 0; i < 60'000; ++i) {
        ++bins[hash_choice(hash_step(7, i), 60)];
    }
    double chi = 0;
    for (const double bin : bins) {
        chi += (bin - 1000) * (bin - 1000) / 1000;
    }
    CHECK(chi > 59 - 5 * 10.9);
    CHECK(chi < 59 + 5 * 10.9);
    static_assert(mix_bits(0) == 0, "a bijection that keeps zero");
    static_assert(hash_step(0, 0) != 0, "so a step adds a constant");
}
