#pragma once
// Cluster configurations that the tests of topology and routing share. Figures are round so that expected values can
// be derived by hand: a link of 50 GB/s with an efficiency of 1, latencies of distinct sizes.

#include "interconnect/topology/config.h"

#include <utility>
#include <vector>

namespace myriad::test {

inline WiringConfig simple(WiringRecipe recipe, int size) {
    WiringConfig wiring;
    wiring.recipe = recipe;
    wiring.size = size;
    return wiring;
}

inline WiringConfig product_of(std::vector<WiringConfig> factors) {
    WiringConfig wiring;
    wiring.recipe = WiringRecipe::product;
    wiring.factors = std::move(factors);
    return wiring;
}

inline WiringConfig k4_k4() {
    return product_of({simple(WiringRecipe::full_mesh, 4), simple(WiringRecipe::full_mesh, 4)});
}

inline ClusterConfig one_server(WiringConfig wiring, int cards) {
    ClusterConfig cluster;
    cluster.name = "test";
    cluster.servers = 1;
    ServerConfig& server = cluster.server;
    server.name = "server";
    server.cards = cards;
    server.wiring = std::move(wiring);
    server.links.links = 7;
    server.links.per_link = BytesPerSecond{50'000'000'000};
    server.links.latency = ns(100);
    server.switch_latency = ns(25);
    return cluster;
}

// 16 cards as K4 x K4, 8 NICs of two 25 GB/s ports.
inline ClusterConfig ppu_servers(int servers) {
    ClusterConfig cluster = one_server(k4_k4(), 16);
    cluster.servers = servers;
    ServerConfig& server = cluster.server;
    server.pcie.bandwidth = BytesPerSecond{64'000'000'000};
    server.pcie.latency = ns(300);
    server.nics.count = 8;
    server.nics.ports = 2;
    server.nics.port_bandwidth = BytesPerSecond{25'000'000'000};
    server.nics.latency = ns(700);
    cluster.fabric.link_latency = ns(500);
    cluster.fabric.switch_latency = ns(400);
    cluster.fabric.uplink = BytesPerSecond{50'000'000'000};
    return cluster;
}

inline ClusterConfig hpn_cluster(int servers) {
    ClusterConfig cluster = ppu_servers(servers);
    FabricConfig& fabric = cluster.fabric;
    fabric.name = "hpn7";
    fabric.recipe = FabricRecipe::hpn7;
    fabric.hosts_per_segment = 128;
    fabric.rails = 8;
    fabric.planes = 2;
    fabric.aggs_per_plane = 60;
    fabric.max_segments = 15;
    return cluster;
}

inline ClusterConfig clos_cluster(int servers, int leaf_down, int spines, int uplinks_per_spine) {
    ClusterConfig cluster = ppu_servers(servers);
    FabricConfig& fabric = cluster.fabric;
    fabric.name = "clos2";
    fabric.recipe = FabricRecipe::clos2;
    fabric.leaf_down = leaf_down;
    fabric.spines = spines;
    fabric.uplinks_per_spine = uplinks_per_spine;
    return cluster;
}

inline ClusterConfig switch_cluster(int servers) {
    ClusterConfig cluster = ppu_servers(servers);
    cluster.fabric.name = "switch";
    cluster.fabric.recipe = FabricRecipe::one_switch;
    return cluster;
}

// A short random stream for property tests; the seed that a failing test prints brings the case back.
class Lcg {
public:
    explicit Lcg(std::uint64_t seed) : state_(seed * 2 + 1) {}
    // 0..bound-1, from the high bits, which are the good ones of this generator.
    int below(int bound) {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return static_cast<int>((state_ >> 33) % static_cast<std::uint64_t>(bound));
    }

private:
    std::uint64_t state_;
};

// Up to three factors of 2 to 5 cards, mesh or ring.
inline WiringConfig random_product(Lcg& random) {
    std::vector<WiringConfig> factors;
    const int count = 1 + random.below(3);
    for (int i = 0; i < count; ++i) {
        const bool mesh = random.below(2) == 0;
        factors.push_back(simple(mesh ? WiringRecipe::full_mesh : WiringRecipe::ring, 2 + random.below(4)));
    }
    return product_of(std::move(factors));
}

}  // namespace myriad::test
