// Fabrics against their published or closed-form counts: switches, ports, links, groups, and the rules that they state.

#include "interconnect/topology/analysis.h"
#include "interconnect/topology/build.h"
#include "sim/error/error.h"
#include "tests/unit/topology/clusters.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace myriad;
using namespace myriad::test;

namespace {

// Ports of the Ethernet switches of a tier: how many switches have how many.
std::map<std::size_t, int> ports_of_tier(const Topology& topology, int tier) {
    std::map<std::size_t, int> counts;
    for (const Node& node : topology.nodes) {
        if (node.kind == NodeKind::ethernet_switch && node.tier == tier) {
            ++counts[node.ports.size()];
        }
    }
    return counts;
}

std::int64_t links_of(const Topology& topology, const std::string& name) {
    std::int64_t count = 0;
    for (const Edge& edge : topology.edges) {
        count += topology.link_classes[edge.link_class].name == name ? 1 : 0;
    }
    return count;
}

// Both ends know the edge by the port that it names; the lower tier is end a.
void check_edges(const Topology& topology) {
    std::size_t ends = 0;
    for (const Node& node : topology.nodes) {
        ends += node.ports.size();
    }
    REQUIRE(ends == 2 * topology.edges.size());
    for (std::uint32_t id = 0; id < topology.edges.size(); ++id) {
        const Edge& edge = topology.edges[id];
        REQUIRE(edge.a != edge.b);
        REQUIRE(topology.nodes[index(edge.a)].ports[edge.port_a] == EdgeId{id});
        REQUIRE(topology.nodes[index(edge.b)].ports[edge.port_b] == EdgeId{id});
        REQUIRE(topology.nodes[index(edge.a)].tier <= topology.nodes[index(edge.b)].tier);
    }
}

// Switches that a walk over Ethernet links from the first NIC's first port reaches.
std::size_t reached_switches(const Topology& topology) {
    std::set<std::uint32_t> seen;
    std::vector<std::uint32_t> queue;
    const auto visit = [&](NodeId node) {
        if (topology.nodes[index(node)].kind == NodeKind::ethernet_switch && seen.insert(index(node)).second) {
            queue.push_back(index(node));
        }
    };
    for (const Edge& edge : topology.edges) {
        if (topology.nodes[index(edge.b)].kind == NodeKind::ethernet_switch) {
            visit(edge.b);
            break;
        }
    }
    for (std::size_t head = 0; head < queue.size(); ++head) {
        const std::size_t ports = topology.nodes[queue[head]].ports.size();
        for (std::size_t port = 0; port < ports; ++port) {
            visit(step_over(topology, NodeId{queue[head]}, static_cast<std::uint16_t>(port)).to);
        }
    }
    return seen.size();
}

std::vector<std::string> errors_of(const ClusterConfig& config) {
    std::vector<std::string> messages;
    try {
        (void)build_topology(config);
    } catch (const UserError& error) {
        for (const Diagnostic& diagnostic : error.diagnostics()) {
            messages.push_back(diagnostic.message);
        }
    }
    return messages;
}

ClusterConfig with_fabric(int servers, FabricRecipe recipe) {
    ClusterConfig cluster = ppu_servers(servers);
    cluster.fabric.name = "net";
    cluster.fabric.recipe = recipe;
    return cluster;
}

// Eight cards behind a switch, one NIC a card, as in HPN's and DCN+'s hosts.
ClusterConfig hosts_of_eight(int servers, FabricRecipe recipe) {
    ClusterConfig cluster = with_fabric(servers, recipe);
    cluster.server.cards = 8;
    cluster.server.wiring = simple(WiringRecipe::icn_switch, 8);
    return cluster;
}

ClusterConfig dragonfly_of_switches(int members, int globals, int groups, int hosts, int servers) {
    ClusterConfig config = with_fabric(servers, FabricRecipe::direct);
    WiringConfig& wiring = config.fabric.switches;
    wiring = simple(WiringRecipe::dragonfly, members * groups);
    wiring.group_size = members;
    wiring.global_links = globals;
    config.fabric.hosts_per_switch = hosts;
    return config;
}

}  // namespace

TEST_CASE("a full pod of HPN 7.0 has the published counts") {
    ClusterConfig config = hosts_of_eight(15 * 128, FabricRecipe::hpn7);
    config.fabric.hosts_per_segment = 128;
    config.fabric.rails = 8;
    config.fabric.aggs_per_plane = 60;
    config.fabric.max_segments = 15;
    const Topology topology = build_topology(config);
    CHECK(topology.cards.size() == 15'360);
    // 15 segments of 16 ToRs, each 128 active hosts (of 136 positions) down and 60 up.
    CHECK(ports_of_tier(topology, 2) == std::map<std::size_t, int>{{128 + 60, 240}});
    // 60 a plane, each 15 segments x 8 rails down.
    CHECK(ports_of_tier(topology, 3) == std::map<std::size_t, int>{{120, 120}});
    CHECK(ports_of_tier(topology, 4).empty());
    CHECK(reached_switches(topology) == 120 + 60);  // a plane by itself
}

TEST_CASE("pods of HPN 7.0 meet in core switches of their plane, 15 : 1") {
    ClusterConfig config = hosts_of_eight(31 * 8, FabricRecipe::hpn7);
    FabricConfig& fabric = config.fabric;
    fabric.hosts_per_segment = 8;
    fabric.rails = 8;
    fabric.aggs_per_plane = 60;
    fabric.max_segments = 15;
    CHECK(errors_of(config) ==
          std::vector<std::string>{
              "cluster 'test': 248 servers fill 31 segments of 8 hosts, but fabric 'net' has at most 15"});
    fabric.max_pods = 8;
    fabric.agg_uplinks = 8;
    fabric.cores_per_plane = 30;
    const Topology topology = build_topology(config);
    check_edges(topology);
    // Pods of 15, 15 and 1 segments: 2 x 120 aggregation switches of 120 + 8 ports, 120 of 8 + 8.
    CHECK(ports_of_tier(topology, 3) == std::map<std::size_t, int>{{128, 240}, {16, 120}});
    CHECK(links_of(topology, "agg_core") == 3 * 120 * 8);
    // 3 pods x 60 x 8 links over 30 cores of a plane.
    CHECK(ports_of_tier(topology, 4) == std::map<std::size_t, int>{{48, 60}});
    CHECK(reached_switches(topology) == (31 * 8) + (3 * 60) + 30);  // half of the ToRs: planes never meet
    fabric.cores_per_plane = 4;
    CHECK(errors_of(config) ==
          std::vector<std::string>{"cluster 'test': 3 pods meet in core switches, but an aggregation switch has 8 "
                                   "up-links and a plane 4 cores; expected at least 1 up-link and as many cores"});
}

TEST_CASE("DCN+ joins 32 pods of 512 GPUs") {
    ClusterConfig config = hosts_of_eight(2'048, FabricRecipe::dcn_plus);
    FabricConfig& fabric = config.fabric;
    fabric.hosts_per_segment = 16;
    fabric.tors_per_segment = 16;
    fabric.max_segments = 4;
    fabric.aggs_per_pod = 8;
    fabric.max_pods = 32;
    fabric.cores = 128;
    fabric.uplinks_per_core = 4;
    const Topology topology = build_topology(config);
    CHECK(topology.cards.size() == 16'384);
    // 32 pods x 4 segments x 16 ToRs with 16 hosts down and 8 up: 3.2 Tb/s both ways.
    CHECK(ports_of_tier(topology, 2) == std::map<std::size_t, int>{{24, 2'048}});
    // 64 ToRs down and 16 cores x 4 links up, one 51.2 Tb/s chip.
    CHECK(ports_of_tier(topology, 3) == std::map<std::size_t, int>{{128, 256}});
    CHECK(ports_of_tier(topology, 4) == std::map<std::size_t, int>{{128, 128}});
    CHECK(reached_switches(topology) == 2'048 + 256 + 128);
    config.servers = 2'049;
    CHECK(errors_of(config) ==
          std::vector<std::string>{"cluster 'test': 2049 servers fill 33 pods, but fabric 'net' has at most 32"});
    config.servers = 16;
    fabric.tors_per_segment = 3;
    CHECK(errors_of(config) ==
          std::vector<std::string>{"cluster 'test': 3 ToRs of a segment do not make groups of 2, one for each port of "
                                   "a NIC, that share 8 NICs of a host evenly"});
}

TEST_CASE("a k-ary fat tree has 5 k^2 / 4 switches of k ports and full bisection") {
    // k = 8: 128 hosts, here NICs of one port: 16 servers of 8.
    ClusterConfig config = with_fabric(16, FabricRecipe::clos3);
    config.server.nics.ports = 1;
    FabricConfig& fabric = config.fabric;
    fabric.leaf_down = 4;
    fabric.leaves_per_pod = 4;
    fabric.aggs_per_pod = 4;
    fabric.cores = 16;
    fabric.max_pods = 8;
    fabric.uplink = config.server.nics.port_bandwidth;
    const Topology topology = build_topology(config);
    check_edges(topology);
    CHECK(ports_of_tier(topology, 2) == std::map<std::size_t, int>{{8, 32}});
    CHECK(ports_of_tier(topology, 3) == std::map<std::size_t, int>{{8, 32}});
    CHECK(ports_of_tier(topology, 4) == std::map<std::size_t, int>{{8, 16}});
    // Half of 128 NICs of 25 GB/s.
    CHECK(bisection_bandwidth(topology).value == BytesPerSecond{64 * 25'000'000'000});
    fabric.cores = 14;
    CHECK(errors_of(config) == std::vector<std::string>{"cluster 'test': 14 core switches do not make equal groups for "
                                                        "4 aggregation switches of a pod"});
    fabric.cores = 8;  // 2 : 1 above the aggregation
    CHECK(bisection_bandwidth(build_topology(config)).value == BytesPerSecond{32 * 25'000'000'000});
    fabric.leaves_per_pod = 3;
    config.server.nics.ports = 2;
    CHECK(errors_of(config).front() ==
          "cluster 'test': 3 leaves of a pod do not make groups of 2, one for each port of a NIC");
}

TEST_CASE("rail-optimised leaves meet in spines, rail-only rails never do") {
    ClusterConfig config = with_fabric(24, FabricRecipe::rail_optimised);
    FabricConfig& fabric = config.fabric;
    fabric.hosts_per_segment = 8;
    fabric.max_segments = 4;
    fabric.spines = 6;
    const Topology meeting = build_topology(config);
    check_edges(meeting);
    // 3 segments x 8 rails x 2 ports; 8 hosts down and 6 up.
    CHECK(ports_of_tier(meeting, 2) == std::map<std::size_t, int>{{14, 48}});
    CHECK(ports_of_tier(meeting, 3) == std::map<std::size_t, int>{{48, 6}});
    CHECK(reached_switches(meeting) == 54);
    fabric.recipe = FabricRecipe::rail_only;
    const Topology apart = build_topology(config);
    check_edges(apart);
    CHECK(ports_of_tier(apart, 2) == std::map<std::size_t, int>{{14, 48}});
    // 16 networks of 6 spines, each over 3 segments.
    CHECK(ports_of_tier(apart, 3) == std::map<std::size_t, int>{{3, 96}});
    CHECK(reached_switches(apart) == 3 + 6);
    config.servers = 8;
    fabric.spines = 0;
    CHECK(ports_of_tier(build_topology(config), 2) == std::map<std::size_t, int>{{8, 16}});
    config.servers = 40;
    CHECK(errors_of(config) ==
          std::vector<std::string>{
              "cluster 'test': 40 servers fill 5 segments of 8 hosts, but fabric 'net' has at most 4",
              "cluster 'test': 5 segments meet in spines, expected at least 1"});
}

TEST_CASE("a dragonfly of switches has a h + 1 groups and three hops at most between switches") {
    // a = 4, p = 2, h = 2: 9 groups, 36 switches, 72 NIC ports; servers of 8 NICs with 1 port.
    ClusterConfig config = dragonfly_of_switches(4, 2, 9, 2, 9);
    config.server.nics.ports = 1;
    const Topology topology = build_topology(config);
    check_edges(topology);
    CHECK(ports_of_tier(topology, 2) == std::map<std::size_t, int>{{2 + 3 + 2, 36}});
    CHECK(links_of(topology, "trunk") == 9 * 6 + 36);
    CHECK(reached_switches(topology) == 36);
    // card, PCIe switch, NIC, at most 4 switches, NIC, PCIe switch, card: 9 links at most.
    CHECK(analyse(topology).diameter.value == 9);
    int global = 0;
    for (const Edge& edge : topology.edges) {
        const Node& a = topology.nodes[index(edge.a)];
        const Node& b = topology.nodes[index(edge.b)];
        if (a.kind == NodeKind::ethernet_switch) {
            CHECK((edge.dimension == 1) == (a.segment != b.segment));
            global += edge.dimension;
        }
    }
    CHECK(global == 36);
    config.servers = 10;
    CHECK(errors_of(config) ==
          std::vector<std::string>{"cluster 'test': 80 NIC ports, but 36 switches with 2 host ports each have 72"});
}

TEST_CASE("dragonfly+ groups are trees whose spines meet") {
    ClusterConfig config = with_fabric(8, FabricRecipe::dragonfly_plus);
    FabricConfig& fabric = config.fabric;
    fabric.leaves = 4;
    fabric.spines = 4;
    fabric.hosts_per_switch = 4;
    fabric.global_links = 2;
    fabric.groups = 9;
    const Topology topology = build_topology(config);
    check_edges(topology);
    // 8 servers x 16 ports fill 8 of 9 groups; every spine has 4 leaves and 2 global links.
    CHECK(ports_of_tier(topology, 2) == std::map<std::size_t, int>{{8, 32}, {4, 4}});
    CHECK(ports_of_tier(topology, 3) == std::map<std::size_t, int>{{6, 36}});
    CHECK(links_of(topology, "global") == 36);
    CHECK(reached_switches(topology) == 72);
    fabric.groups = 10;
    CHECK(errors_of(config) ==
          std::vector<std::string>{"cluster 'test': 10 groups, but 4 spines with 2 global links each reach at most 9 "
                                   "(spines x global_links + 1)"});
}

TEST_CASE("switches are wired like cards: torus, HyperX, hypercube, edge list") {
    ClusterConfig config = with_fabric(4, FabricRecipe::direct);
    FabricConfig& fabric = config.fabric;
    fabric.hosts_per_switch = 4;
    fabric.switches.recipe = WiringRecipe::torus;
    fabric.switches.sizes = {4, 4};
    fabric.switches.links = 2;
    const Topology torus = build_topology(config);
    check_edges(torus);
    CHECK(ports_of_tier(torus, 2) == std::map<std::size_t, int>{{4 + 4, 16}});
    CHECK(class_of(torus, EdgeId{static_cast<std::uint32_t>(torus.edges.size() - 1)}).bonded == 2);
    CHECK(std::count_if(torus.edges.begin(), torus.edges.end(), [](const Edge& e) { return e.closes_ring; }) == 8);
    fabric.switches.recipe = WiringRecipe::hyperx;
    CHECK(ports_of_tier(build_topology(config), 2) == std::map<std::size_t, int>{{4 + 6, 16}});
    fabric.switches = simple(WiringRecipe::hypercube, 16);
    CHECK(ports_of_tier(build_topology(config), 2) == std::map<std::size_t, int>{{4 + 4, 16}});
    // A two-level tree by hand: 16 switches with hosts, two without.
    fabric.switches = simple(WiringRecipe::edges, 16);
    fabric.switches.switches = 2;
    for (int leaf = 0; leaf < 16; ++leaf) {
        fabric.switches.edges.push_back({.a = leaf, .b = 16 + leaf % 2});
    }
    fabric.switches.edges.push_back({.a = 16, .b = 17, .links = 4});
    const Topology tree = build_topology(config);
    check_edges(tree);
    CHECK(ports_of_tier(tree, 3) == std::map<std::size_t, int>{{9, 2}});
    CHECK(reached_switches(tree) == 18);
}

TEST_CASE("random fabrics have two ends to every link and are joined") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        Lcg random(seed);
        ClusterConfig config = with_fabric(1 + random.below(20), FabricRecipe::clos3);
        FabricConfig& fabric = config.fabric;
        config.server.nics.ports = 1 + random.below(2);
        switch (random.below(4)) {
            case 0:
                fabric.leaf_down = 2 + random.below(6);
                fabric.leaves_per_pod = 2 * (1 + random.below(3));
                fabric.aggs_per_pod = 1 + random.below(4);
                fabric.cores = fabric.aggs_per_pod * (1 + random.below(3));
                fabric.max_pods = 1'000;
                break;
            case 1:
                fabric.recipe = FabricRecipe::rail_optimised;
                fabric.hosts_per_segment = 1 + random.below(8);
                fabric.max_segments = 1'000;
                fabric.spines = 1 + random.below(5);
                break;
            case 2:
                config = dragonfly_of_switches(4, 1 + random.below(3), 3, 60, config.servers);
                break;
            default:
                fabric.recipe = FabricRecipe::direct;
                fabric.hosts_per_switch = 40;
                fabric.switches.recipe = random.below(2) == 0 ? WiringRecipe::torus : WiringRecipe::hyperx;
                fabric.switches.sizes = {2 + random.below(3), 4};
                break;
        }
        const Topology topology = build_topology(config);
        check_edges(topology);
        std::size_t switches = 0;
        for (const Node& node : topology.nodes) {
            switches += node.kind == NodeKind::ethernet_switch ? 1 : 0;
        }
        // Core groups of a clos3 meet below, in the pods.
        CHECK(reached_switches(topology) == switches);
    }
}
