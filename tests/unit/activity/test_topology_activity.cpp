// A cluster's tiers and cells, from counters typed in by hand.

#include "app/activity/topology_activity.h"
#include "interconnect/topology/build.h"
#include "tests/support/reference_clusters.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

// Servers of two cards that one link joins, each with one NIC at one switch.
Topology small(int servers) {
    ClusterConfig cluster;
    cluster.name = "small";
    cluster.servers = servers;
    cluster.server = reference::ppu_server(2, {WiringRecipe::full_mesh, 2, {}});
    cluster.server.nics = {1, 1, BytesPerSecond{25'000'000'000}, ns(300)};
    cluster.fabric.name = "switch";
    cluster.fabric.recipe = FabricRecipe::one_switch;
    return build_topology(cluster);
}

}  // namespace

TEST_CASE("a tier counts idle links, its cells those of each server") {
    const Topology topology = small(3);
    const LinkClasses classes(topology);
    // The ICN link of server 0, one direction: half of the time. It is the first edge.
    REQUIRE(classes.names.front() == "icn");
    std::vector<LinkUse> use(1);
    use[0].way = {EdgeId{0}, 1};
    use[0].busy = Picoseconds{500};
    const TopologyActivity activity = topology_activity(topology, classes, use, Picoseconds{1000});
    const ActivityTier& icn = activity.tiers.front();
    CHECK(icn.name == "icn");
    CHECK(icn.title == "ICN inside servers");
    CHECK(icn.links == 6);                 // three links, two ways
    CHECK(icn.mean == Approx(0.5 / 6.0));  // 500 of 6 x 1000
    CHECK(icn.most == Approx(0.5));
    REQUIRE(icn.cells.size() == 3);
    CHECK(icn.cells[0].name == "server 0");
    CHECK(icn.cells[0].mean == Approx(0.25));
    CHECK(icn.cells[0].busiest == "server0.card1 -> server0.card0");
    CHECK(icn.cells[1].busiest.empty());
    CHECK(activity.nodes.size() == topology.nodes.size());
    CHECK(activity.links.size() == topology.edges.size());
    CHECK(activity.links[0].ba == Approx(0.5));
}

TEST_CASE("where there are too many cells neighbours share one, and large clusters list no links") {
    const Topology topology = small(5);
    TopologyActivityOptions options;
    options.cells_most = 2;
    options.cards_drawn = 9;  // there are ten
    const TopologyActivity activity = topology_activity(topology, LinkClasses(topology), {}, Picoseconds{10}, options);
    REQUIRE(activity.tiers.front().cells.size() == 2);
    CHECK(activity.tiers.front().cells[0].name == "servers 0-2");
    CHECK(activity.tiers.front().cells[1].name == "servers 3-4");
    CHECK(activity.tiers.front().cells[1].links == 4);
    CHECK(activity.nodes.empty());
    CHECK(activity.links.empty());
}
