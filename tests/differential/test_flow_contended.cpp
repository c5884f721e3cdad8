// Where flows share links: the makespan at flow level against packet level, in the cases in which the packets' turns are
// fair by themselves: flows of one card take turns at its port, and flows that meet in a FIFO come at equal rates. Each
// case prints the ratio flow / packet and is held to 5 %.

#include "tests/support/systems.h"
#include "workloads/traffic/traffic.h"

#include <catch2/catch.hpp>

#include <cstdio>

using namespace myriad;
using namespace myriad::test;

namespace {

constexpr BytesPerSecond kRate{50'000'000'000};

// Servers of two cards with a NIC each, as fast as the links between switches; `spines` spines over leaves of 8 NICs.
ClusterConfig cluster_of(int servers, FabricRecipe fabric, int spines, std::uint64_t seed) {
    ServerConfig server = reference::ppu_server(2, {WiringRecipe::full_mesh, 2, {}});
    server.pcie = {kRate, ns(150)};
    server.nics = {2, 1, kRate, ns(500)};
    ClusterConfig cluster;
    cluster.name = "contended";
    cluster.servers = servers;
    cluster.server = std::move(server);
    cluster.fabric.name = "fabric";
    cluster.fabric.recipe = fabric;
    cluster.fabric.link_latency = ns(500);
    cluster.fabric.uplink = kRate;
    cluster.fabric.leaf_down = 8;
    cluster.fabric.spines = spines;
    cluster.routing_seed = seed;
    return cluster;
}

Picoseconds makespan(Platform& platform, const std::vector<TrafficFlow>& flows) {
    const TimePoint start = platform.agenda().now();
    Finishes finishes(platform);
    for (const TrafficFlow& flow : flows) {
        platform.copy({flow.from, flow.to, flow.size}, finishes.expect());
    }
    platform.run();
    return finishes.all() ? finishes.last() - start : ps(-1);
}

double flow_over_packet(const char* what, const ClusterConfig& cluster, TrafficSpec spec) {
    AllLevels levels(cluster, Bytes{65'536});
    for (std::uint32_t c = 0; c < levels.packet.topology().cards.size(); ++c) {
        spec.cards.push_back(CardId{c});
    }
    const std::vector<TrafficFlow> flows = make_traffic(spec);
    const Picoseconds packet = makespan(levels.packet, flows);
    const Picoseconds flow = makespan(levels.flow, flows);
    const double ratio = seconds(flow) / seconds(packet);
    std::printf("%-60s flow / packet %.4f\n", what, ratio);
    std::vector<std::string> held;
    CHECK_NOTHROW(levels.packet.check_laws(held));
    CHECK_NOTHROW(levels.flow.check_laws(held));
    return ratio;
}

TrafficSpec bulk(TrafficPattern pattern, std::int64_t mebibytes, SizeDistribution sizes = SizeDistribution::fixed) {
    TrafficSpec spec;
    spec.pattern = pattern;
    spec.size = Bytes{mebibytes << 20};
    spec.distribution = sizes;
    return spec;
}

void check_near(double ratio) {
    CHECK(ratio > 0.95);
    CHECK(ratio < 1.05);
}

}  // namespace

TEST_CASE("flow and packet: incast of 31 cards through one switch") {
    check_near(flow_over_packet("incast of 31 through one switch", cluster_of(16, FabricRecipe::one_switch, 0, 1),
                                bulk(TrafficPattern::incast, 16)));
}

TEST_CASE("flow and packet: permutation on a Clos with 4:1 oversubscription") {
    check_near(flow_over_packet("permutation of 32 on a Clos, 8 down and 2 up",
                                cluster_of(16, FabricRecipe::clos2, 2, 1), bulk(TrafficPattern::permutation, 64)));
}

TEST_CASE("flow and packet: collisions of ECMP on a full Clos") {
    check_near(flow_over_packet("permutation of 32 on a full Clos, ECMP, seed 3",
                                cluster_of(16, FabricRecipe::clos2, 8, 3), bulk(TrafficPattern::permutation, 64)));
}

TEST_CASE("flow and packet: all-to-all of 32 cards on a full Clos with ECMP") {
    check_near(flow_over_packet("all-to-all of 32 on a full Clos, ECMP", cluster_of(16, FabricRecipe::clos2, 8, 1),
                                bulk(TrafficPattern::all_to_all, 4)));
}

TEST_CASE("flow and packet: random sizes between random cards on one switch") {
    TrafficSpec spec = bulk(TrafficPattern::random, 8, SizeDistribution::exponential);
    spec.flows = 200;
    check_near(
        flow_over_packet("200 random flows through one switch", cluster_of(16, FabricRecipe::one_switch, 0, 1), spec));
}
