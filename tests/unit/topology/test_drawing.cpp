// Pictures: nothing is lost by the reduction, and what is written is well formed.

#include "interconnect/topology/build.h"
#include "interconnect/topology/drawing/draw_model.h"
#include "interconnect/topology/drawing/drawing.h"
#include "tests/unit/topology/clusters.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <sstream>

using namespace myriad;
using namespace myriad::test;

namespace {

ClusterConfig on_switches(int servers, WiringConfig switches, int hosts) {
    ClusterConfig config = ppu_servers(servers);
    config.fabric.name = "direct";
    config.fabric.recipe = FabricRecipe::direct;
    config.fabric.switches = std::move(switches);
    config.fabric.hosts_per_switch = hosts;
    return config;
}

// a = 4, h = 8: 33 groups, which share boxes.
WiringConfig dragonfly() {
    WiringConfig wiring = simple(WiringRecipe::dragonfly, 4 * 33);
    wiring.group_size = 4;
    wiring.global_links = 8;
    return wiring;
}

WiringConfig torus(std::vector<int> sizes) {
    WiringConfig wiring;
    wiring.recipe = WiringRecipe::torus;
    wiring.sizes = std::move(sizes);
    return wiring;
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) {
        ++count;
    }
    return count;
}

// Elements open and close in order; attributes are not looked into.
bool well_formed(const std::string& xml) {
    std::vector<std::string> open;
    for (std::size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at + 1)) {
        const std::size_t end = xml.find('>', at);
        if (end == std::string::npos) {
            return false;
        }
        if (xml[at + 1] == '/') {
            if (open.empty() || open.back() != xml.substr(at + 2, end - at - 2)) {
                return false;
            }
            open.pop_back();
        } else if (xml[end - 1] != '/') {
            open.push_back(xml.substr(at + 1, std::min(xml.find(' ', at), end) - at - 1));
        }
    }
    return open.empty();
}

std::map<std::int32_t, std::vector<DrawBox>> by_tier(const DrawModel& model) {
    std::map<std::int32_t, std::vector<DrawBox>> tiers;
    for (const DrawBox& box : model.boxes) {
        tiers[box.tier].push_back(box);
    }
    return tiers;
}

}  // namespace

TEST_CASE("sixteen thousand cards are drawn as segments and planes that say what they stand for") {
    const DrawModel model = draw_model(build_topology(hpn_cluster(1024)));
    const auto tiers = by_tier(model);
    REQUIRE(tiers.at(1).size() == 8);
    CHECK(tiers.at(1)[1].title == "server128–255");
    CHECK(tiers.at(1)[1].detail == "128 servers, 2,048 cards");
    REQUIRE(tiers.at(2).size() == 8);
    CHECK(tiers.at(2)[7].title == "segment7");
    CHECK(tiers.at(2)[7].detail == "16 x tor");
    REQUIRE(tiers.at(3).size() == 2);
    CHECK(tiers.at(3)[1].detail == "60 x agg");
    // 8 segments to their ToRs, and to both planes
    REQUIRE(model.bundles.size() == 8 + 16);
    for (const DrawBundle& bundle : model.bundles) {
        CHECK(bundle.links == (model.boxes[bundle.lower].tier == 1 ? 128 * 16 : 8 * 60));
    }
}

TEST_CASE("the reduction keeps every switch, server and fabric link") {
    for (const ClusterConfig& config :
         {hpn_cluster(3), hpn_cluster(300), clos_cluster(8, 16, 4, 2), clos_cluster(64, 16, 40, 1), switch_cluster(8),
          switch_cluster(9), on_switches(60, dragonfly(), 8), on_switches(8, torus({4, 4}), 8),
          on_switches(60, torus({4, 4, 8}), 8)}) {
        const Topology topology = build_topology(config);
        const DrawModel model = draw_model(topology);
        std::int64_t members = 0;
        for (const auto& [tier, boxes] : by_tier(model)) {
            CHECK(boxes.size() <= kMaxBoxesPerTier);
            for (const DrawBox& box : boxes) {
                members += box.members;
            }
        }
        const auto switches = std::count_if(topology.nodes.begin(), topology.nodes.end(),
                                            [](const Node& node) { return node.kind == NodeKind::ethernet_switch; });
        CHECK(members == topology.servers + switches);
        const auto fabric = std::count_if(topology.edges.begin(), topology.edges.end(), [&](const Edge& edge) {
            return topology.nodes[index(edge.b)].kind == NodeKind::ethernet_switch;
        });
        const std::int64_t inner =
            std::accumulate(model.boxes.begin(), model.boxes.end(), std::int64_t{0},
                            [](std::int64_t sum, const DrawBox& box) { return sum + box.inner_links; });
        CHECK(std::accumulate(model.bundles.begin(), model.bundles.end(), inner,
                              [](std::int64_t sum, const DrawBundle& bundle) { return sum + bundle.links; }) == fabric);
    }
}

TEST_CASE("SVG is well formed at every size and shows each card of a server") {
    for (const ClusterConfig& config :
         {one_server(simple(WiringRecipe::full_mesh, 8), 8), one_server(simple(WiringRecipe::full_mesh, 1), 1),
          one_server(simple(WiringRecipe::icn_switch, 8), 8), one_server(simple(WiringRecipe::matched_quads, 8), 8),
          one_server(simple(WiringRecipe::ring, 200), 200), ppu_servers(1), clos_cluster(64, 16, 40, 1),
          hpn_cluster(1024), one_server(torus({4, 4, 4}), 64), one_server(torus({32, 32, 16}), 16'384),
          on_switches(60, dragonfly(), 8)}) {
        const std::string svg = to_svg(build_topology(config));
        CHECK(well_formed(svg));
        CHECK(svg.size() < 500'000);
        if (config.server.cards <= 64) {
            CHECK(count_of(svg, ">card" + std::to_string(config.server.cards - 1) + "<") ==
                  (config.server.nics.count > 0 ? 2 : 1));  // in the ICN picture, and over PCIe
        }
    }
}

TEST_CASE("names are escaped in SVG and quoted in DOT") {
    ClusterConfig config = one_server(simple(WiringRecipe::ring, 3), 3);
    config.name = "a<b & \"c\"";
    const Topology topology = build_topology(config);
    CHECK(well_formed(to_svg(topology)));
    CHECK_THAT(to_svg(topology), Catch::Contains("a&lt;b &amp; &quot;c&quot;"));
    CHECK_THAT(to_dot(topology), Catch::StartsWith("graph \"a<b & \\\"c\\\"\" {"));
}

TEST_CASE("DOT is whole for a small topology and reduced for a large one") {
    const Topology small = build_topology(switch_cluster(2));
    CHECK(count_of(to_dot(small), " -- ") == small.edges.size());
    CHECK(count_of(to_dot(small), "subgraph cluster_server") == 2);
    const Topology large = build_topology(hpn_cluster(1024));
    // Inside of one server 48 + 16 + 8 links, fabric 24 bundles.
    CHECK(count_of(to_dot(large), " -- ") == 72 + 24);
}

TEST_CASE("a large server is drawn as a plane, its switches level by level") {
    const std::string plane = to_svg(build_topology(one_server(torus({16, 16, 64}), 16'384)));
    CHECK_THAT(plane, Catch::Contains("drawn: 16 x 16 of 16 x 16 cards, the first of 64 such planes"));
    CHECK_THAT(plane, Catch::Contains("dimension 2 of size 64: 16,384 links"));
    WiringConfig planes = simple(WiringRecipe::switch_planes, 384);
    planes.node_size = 8;
    planes.planes = 7;
    planes.links = 1;
    planes.upper_switches = 8;
    const std::string levels = to_svg(build_topology(one_server(planes, 384)));
    CHECK_THAT(levels, Catch::Contains("336 ICN switches of level 1"));
    CHECK_THAT(levels, Catch::Contains("56 ICN switches of level 2"));
    // 16 x 16 cards of a plane, each joined to its neighbours in it.
    CHECK(count_of(to_dot(build_topology(one_server(torus({16, 16, 64}), 16'384))), " -- ") == 512);
}

TEST_CASE("numbers get their commas") {
    CHECK(with_commas(0) == "0");
    CHECK(with_commas(999) == "999");
    CHECK(with_commas(1000) == "1,000");
    CHECK(with_commas(16384) == "16,384");
    CHECK(with_commas(1234567) == "1,234,567");
}
