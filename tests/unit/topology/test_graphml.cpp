// GraphML: what is written reads back to the same graph, and what is wrong has a place.

#include "interconnect/topology/build.h"
#include "interconnect/topology/cost.h"
#include "interconnect/topology/graphml.h"
#include "sim/error/error.h"
#include "tests/unit/topology/clusters.h"

#include <catch2/catch.hpp>

#include <numeric>

using namespace myriad;
using namespace myriad::test;

namespace {

ClusterConfig server_of(WiringConfig wiring, int cards) {
    ClusterConfig config = one_server(std::move(wiring), cards);
    config.server.links.links = 16;
    config.server.links.efficiency = 0.96;
    return config;
}

// Everything of the graph: nodes in order, edges with ports, dimension and what their class says.
void check_same(const Topology& a, const Topology& b) {
    REQUIRE(a.nodes.size() == b.nodes.size());
    REQUIRE(a.edges.size() == b.edges.size());
    for (std::size_t n = 0; n < a.nodes.size(); ++n) {
        CHECK(a.nodes[n].name == b.nodes[n].name);
        CHECK(a.nodes[n].kind == b.nodes[n].kind);
        CHECK(a.nodes[n].ports == b.nodes[n].ports);
    }
    for (std::size_t n = 0; n < a.edges.size(); ++n) {
        const Edge& one = a.edges[n];
        const Edge& other = b.edges[n];
        CHECK((one.a == other.a && one.b == other.b && one.port_a == other.port_a && one.port_b == other.port_b));
        CHECK((one.dimension == other.dimension && one.closes_ring == other.closes_ring));
        const LinkClass& link = a.link_classes[one.link_class];
        const LinkClass& again = b.link_classes[other.link_class];
        CHECK((link.bandwidth == again.bandwidth && link.bonded == again.bonded && link.name == again.name));
        CHECK((link.latency[0] == again.latency[0] && link.latency[1] == again.latency[1]));
    }
}

std::string problem(const std::string& text) {
    try {
        (void)parse_graphml(text, "x.graphml", GraphMembers::cards);
    } catch (const UserError& error) {
        return error.diagnostics().front().text();
    }
    return "no error";
}

}  // namespace

TEST_CASE("a wiring written as GraphML reads back to the same graph") {
    WiringConfig torus;
    torus.recipe = WiringRecipe::torus;
    torus.sizes = {4, 3};
    torus.links = 2;
    WiringConfig planes = simple(WiringRecipe::switch_planes, 8);
    planes.node_size = 4;
    planes.planes = 2;
    planes.links = 2;
    planes.upper_switches = 2;
    const std::vector<ClusterConfig> all = {server_of(k4_k4(), 16), server_of(simple(WiringRecipe::icn_switch, 8), 8),
                                            server_of(product_of({torus, simple(WiringRecipe::line, 2)}), 24),
                                            server_of(planes, 8)};
    for (const ClusterConfig& config : all) {
        const Topology topology = build_topology(config);
        ClusterConfig again = config;
        again.server.wiring = parse_graphml(to_graphml(topology), "x.graphml", GraphMembers::cards);
        check_same(topology, build_topology(again));
    }
}

TEST_CASE("of a cluster's file the first server's wiring is read, or the fabric's switches") {
    ClusterConfig config = ppu_servers(4);
    config.fabric.name = "net";
    config.fabric.recipe = FabricRecipe::direct;
    config.fabric.hosts_per_switch = 8;
    config.fabric.switches.recipe = WiringRecipe::torus;
    config.fabric.switches.sizes = {4, 4};
    const Topology topology = build_topology(config);
    const std::string text = to_graphml(topology);
    ClusterConfig again = config;
    again.server.wiring = parse_graphml(text, "x.graphml", GraphMembers::cards);
    again.fabric.switches = parse_graphml(text, "x.graphml", GraphMembers::ethernet_switches);
    CHECK(again.server.wiring.size == 16);
    CHECK(again.fabric.switches.size == 16);
    const Topology copy = build_topology(again);
    REQUIRE(copy.edges.size() == topology.edges.size());
    for (std::size_t n = 0; n < copy.edges.size(); ++n) {
        CHECK((copy.edges[n].a == topology.edges[n].a && copy.edges[n].b == topology.edges[n].b));
        CHECK(copy.edges[n].dimension == topology.edges[n].dimension);
    }
}

TEST_CASE("a plain file of another tool is cards and single links") {
    const WiringConfig wiring = parse_graphml(
        "<graphml><graph edgedefault='directed'><node id='a'/><node id='b'/><node id='c'><data key='x'>1</data></node>"
        "<edge source='a' target='b'/><edge id='e' source='c' target='b'/></graph></graphml>",
        "x.graphml", GraphMembers::cards);
    CHECK(wiring.size == 3);
    REQUIRE(wiring.edges.size() == 2);
    CHECK((wiring.edges[1].a == 2 && wiring.edges[1].b == 1 && wiring.edges[1].links == 1));
}

TEST_CASE("a GraphML file that is wrong says where") {
    CHECK(problem("") == "x.graphml:1:1: error: no XML: no element found");
    CHECK(problem("<graphml>\n <graph></graphml>") == "x.graphml:2:11: error: no XML: mismatched tag");
    CHECK(problem("<html/>") == "x.graphml:1:1: error: no GraphML: the outermost element is not 'graphml'");
    CHECK(problem("<graphml><graph/></graphml>") == "x.graphml:1:1: error: 0 cards, expected 1 to 16384");
    const std::string head = "<graphml><graph>\n<node id='a'/><node id='b'/>\n";
    CHECK(problem(head + "<edge source='a' target='z'/></graph></graphml>") ==
          "x.graphml:3:1: error: an edge joins 'z', which is no node");
    CHECK(problem(head + "<edge source='a' target='a'/></graph></graphml>") ==
          "x.graphml:3:1: error: an edge joins 'a' to itself");
    CHECK(problem(head + "<edge source='a'/></graph></graphml>") == "x.graphml:3:1: error: 'edge' without 'target'");
    CHECK(problem(head + "<node id='a'/></graph></graphml>") == "x.graphml:3:1: error: node 'a' stands here twice");
    CHECK(problem(head + "<hyperedge/></graph></graphml>") ==
          "x.graphml:3:1: error: hyperedges are not supported, expected edges of two ends");
    CHECK(problem(head + "<edge source='a' target='b'><data key='links'>0</data></edge></graph></graphml>") ==
          "x.graphml:3:1: error: 'links': expected a whole number from 1 to 1000000, found '0'");
    CHECK(problem("<graphml><graph><node id='a'><data key='kind'>gpu</data></node></graph></graphml>") ==
          "x.graphml:1:17: error: 'kind': expected card, icn_switch, pcie_switch, nic or ethernet_switch, found 'gpu'");
}

TEST_CASE("cut and mangled GraphML is read or refused, never worse") {
    const std::string text = to_graphml(build_topology(server_of(simple(WiringRecipe::icn_switch, 4), 4)));
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        INFO("seed " << seed);
        Lcg random(seed);
        std::string mangled = text.substr(0, static_cast<std::size_t>(1 + random.below(static_cast<int>(text.size()))));
        for (int change = random.below(4); change > 0; --change) {
            mangled[static_cast<std::size_t>(random.below(static_cast<int>(mangled.size())))] =
                static_cast<char>(random.below(256));
        }
        try {
            (void)parse_graphml(mangled, "x.graphml", GraphMembers::cards);
        } catch (const UserError& error) {
            CHECK(!error.diagnostics().front().message.empty());
        }
    }
}

TEST_CASE("cost items of HPN 7.0: chips, ports, optics and oversubscription") {
    // Two segments of 128 hosts with 8 NICs of 2 x 25 GB/s: 32 ToRs of 128 + 60 ports, 120 switches of 16.
    const CostItems cost = count_cost(build_topology(hpn_cluster(256)));
    REQUIRE(cost.switches.size() == 2);
    CHECK(cost.switches[0].switches == 32);
    CHECK(cost.switches[0].ports_max == 188);
    CHECK(cost.switches[0].down == BytesPerSecond{32 * 128 * 25'000'000'000});
    CHECK(cost.switches[0].up == BytesPerSecond{32 * 60 * 50'000'000'000});
    CHECK(cost.switches[1].switches == 120);
    CHECK(cost.switches[1].up.count() == 0);
    CHECK(cost.switch_chips == 152);
    CHECK(cost.switch_ports == 32 * 188 + 120 * 16);
    // Copper: 48 chip links a server and 16 NIC ports; optics: 32 x 60 up-links with two ends.
    CHECK(cost.copper_cables == 256 * (48 + 16));
    CHECK(cost.optical_cables == 32 * 60);
    CHECK(cost.transceivers == 2 * 32 * 60);
}

TEST_CASE("cost items count bonded links singly, and both levels of switch planes") {
    WiringConfig planes = simple(WiringRecipe::switch_planes, 16);
    planes.node_size = 8;
    planes.planes = 7;
    planes.links = 2;
    planes.upper_switches = 16;
    const CostItems cost = count_cost(build_topology(server_of(planes, 16)));
    REQUIRE(cost.switches.size() == 2);
    CHECK(cost.switches[0].switches == 2 * 7);
    CHECK(cost.switches[0].ports == 2 * 7 * (16 + 16));
    CHECK(cost.switches[0].down == cost.switches[0].up);
    CHECK(cost.switches[1].switches == 7 * 16);
    CHECK(cost.copper_cables == 16 * 14);
    CHECK(cost.optical_cables == 2 * 7 * 16);
}
