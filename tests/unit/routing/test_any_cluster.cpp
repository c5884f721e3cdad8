// Random clusters, most of them nonsense: each is either refused with a UserError or builds, routes and analyses.

#include "interconnect/routing/path.h"
#include "interconnect/routing/routes.h"
#include "interconnect/topology/analysis.h"
#include "interconnect/topology/build.h"
#include "sim/error/error.h"
#include "tests/unit/topology/clusters.h"

#include <catch2/catch.hpp>

#include <optional>

using namespace myriad;
using namespace myriad::test;

namespace {

// Mostly small and sensible, now and then at an edge of the type.
int odd_number(Lcg& random, int sensible) {
    static constexpr int kEdges[] = {0, -1, INT32_MIN, INT32_MAX, 65'535, 65'536, 1'000'000};
    return random.below(12) == 0 ? kEdges[random.below(7)] : 1 + random.below(sensible);
}

std::int64_t odd_rate(Lcg& random) {
    static constexpr std::int64_t kEdges[] = {0, -1, INT64_MIN, INT64_MAX, 1};
    return random.below(20) == 0 ? kEdges[random.below(5)] : 1'000'000'000ll * (1 + random.below(100));
}

Picoseconds odd_time(Lcg& random) {
    static constexpr std::int64_t kEdges[] = {-1, INT64_MIN, INT64_MAX, 0};
    return ps(random.below(30) == 0 ? kEdges[random.below(4)] : random.below(1'000'000));
}

WiringConfig random_wiring(Lcg& random, int depth) {
    WiringConfig wiring;
    wiring.recipe = static_cast<WiringRecipe>(random.below(5));
    wiring.size = wiring.recipe == WiringRecipe::product ? 0 : odd_number(random, 6);
    if (wiring.recipe == WiringRecipe::product && depth < 3) {
        for (int i = random.below(4); i > 0; --i) {
            wiring.factors.push_back(random_wiring(random, depth + 1));
        }
    }
    return wiring;
}

int cards_of(const WiringConfig& wiring) {
    if (wiring.recipe == WiringRecipe::matched_quads) {
        return 8;
    }
    if (wiring.recipe != WiringRecipe::product) {
        return wiring.size;
    }
    std::int64_t cards = 1;
    for (const WiringConfig& factor : wiring.factors) {
        cards = std::min<std::int64_t>(cards * std::max(cards_of(factor), 0), 100'000);
    }
    return static_cast<int>(cards);
}

ClusterConfig random_cluster(std::uint64_t seed) {
    Lcg random(seed);
    ClusterConfig cluster;
    cluster.name = "random";
    ServerConfig& server = cluster.server;
    server.wiring = random.below(3) == 0 ? random_wiring(random, 0) : random_product(random);
    server.cards = random.below(10) == 0 ? odd_number(random, 16) : cards_of(server.wiring);
    server.link_budget = static_cast<LinkBudget>(random.below(2));
    server.links = {odd_number(random, 18), BytesPerSecond{odd_rate(random)}, random.below(10) == 0 ? 1e-30 : 0.96,
                    odd_time(random)};
    server.switch_latency = odd_time(random);
    server.pcie = {BytesPerSecond{odd_rate(random)}, odd_time(random)};
    server.nics = {odd_number(random, 4), odd_number(random, 2), BytesPerSecond{odd_rate(random)}, odd_time(random)};
    cluster.servers = odd_number(random, 12);
    FabricConfig& fabric = cluster.fabric;
    fabric.recipe = static_cast<FabricRecipe>(random.below(4));
    fabric.link_latency = odd_time(random);
    fabric.switch_latency = odd_time(random);
    fabric.uplink = BytesPerSecond{odd_rate(random)};
    fabric.leaf_down = odd_number(random, 16);
    fabric.spines = odd_number(random, 4);
    fabric.uplinks_per_spine = odd_number(random, 2);
    fabric.hosts_per_segment = odd_number(random, 4);
    fabric.rails = random.below(8) == 0 ? odd_number(random, 4) : server.nics.count;
    fabric.planes = random.below(8) == 0 ? odd_number(random, 2) : server.nics.ports;
    fabric.aggs_per_plane = odd_number(random, 6);
    fabric.max_segments = odd_number(random, 15);
    cluster.routing = static_cast<FabricRouting>(random.below(2));
    return cluster;
}

}  // namespace

TEST_CASE("any cluster is refused cleanly or works") {
    int built = 0;
    constexpr std::uint64_t kCases = 3000;
    for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
        INFO("seed " << seed);
        const ClusterConfig config = random_cluster(seed);
        std::optional<Topology> topology;
        try {
            topology = build_topology(config);
        } catch (const UserError& error) {
            REQUIRE_FALSE(error.diagnostics().empty());
            continue;
        }
        ++built;
        if (topology->cards.size() < 2 || topology->cards.size() > 4096) {
            continue;
        }
        const auto router = make_router(*topology, routing_of(config));
        Lcg random(seed);
        const auto cards = static_cast<int>(topology->cards.size());
        for (int trial = 0; trial < 20; ++trial) {
            const CardId from{static_cast<std::uint32_t>(random.below(cards))};
            const CardId to{static_cast<std::uint32_t>(random.below(cards))};
            if (from == to) {
                continue;
            }
            for (const Route route : router->between(from, to)) {
                REQUIRE(for_each_hop(*topology, from, route, [](DirectedEdge, NodeId) {}) ==
                        topology->cards[index(to)]);
                REQUIRE(path_latency(*topology, from, route).count() >= 0);
                REQUIRE(path_bandwidth(*topology, from, route).count() > 0);
            }
        }
        const TopologyAnalysis analysis = analyse(*topology, {.exact_cards = 64, .samples = 4});
        REQUIRE(analysis.unreachable_pairs == 0);
        REQUIRE(analysis.bisection.value.count() > 0);
    }
    // A generator that only ever made nonsense, or only sense, would test half.
    CHECK(built > 200);
    CHECK(built < 2800);
}
