// Whether bounded buffers can deadlock: the dependencies of virtual channels (channel_dependency.h) of the routes of every
// recipe, and of every cluster in configs/ whose servers have links between cards, with as many channels as its routes
// need.

#include "app/config_files/load.h"
#include "interconnect/packet/channel_dependency.h"
#include "interconnect/topology/build.h"
#include "sim/error/error.h"
#include "tests/differential/recipes.h"
#include "tests/unit/config_files/files.h"

#include <catch2/catch.hpp>

#include <cstdio>
#include <set>

using namespace myriad;
using namespace myriad::test;

namespace {

struct Verdict {
    int channels = 0;
    std::string circle;  // the error; empty: none
};

Verdict verdict(const ClusterConfig& cluster, bool pauses) {
    const Topology topology = build_topology(cluster);
    const auto router = make_router(topology, routing_of(cluster));
    FlowControlConfig control;
    control.modelled = true;
    if (pauses) {
        control.ethernet.emplace();
    }
    Verdict result;
    try {
        settle_channels(control, topology, *router, true);
    } catch (const UserError& error) {
        result.circle = error.what();
    }
    result.channels = control.icn.virtual_channels;
    return result;
}

void print(const std::string& name, const Verdict& found) {
    std::printf("%-45s %2d channels  %s\n", name.c_str(), found.channels,
                found.circle.empty() ? "no circle" : found.circle.c_str());
    std::fflush(stdout);
}

}  // namespace

TEST_CASE("no wiring recipe has a circle of buffers with the channels that its routes need") {
    for (const Recipe& recipe : wiring_recipes()) {
        const Verdict found = verdict(recipe.cluster, false);
        print(recipe.name, found);
        INFO(recipe.name);
        CHECK(found.circle.empty());
    }
}

// Ethernet has one channel. Fabrics that go up and down between tiers are safe with it; switches that are wired like cards
// are not (their shortest ways turn corners in circles), which is why such networks have virtual channels in their switches.
TEST_CASE("no fabric of tiers has a circle of paused links, switches wired like cards have") {
    for (const Recipe& recipe : fabric_recipes()) {
        const Verdict found = verdict(recipe.cluster, true);
        print(recipe.name, found);
        INFO(recipe.name);
        CHECK(found.circle.empty() == (recipe.cluster.fabric.recipe != FabricRecipe::direct));
    }
}

TEST_CASE("dimension by dimension a torus needs two channels") {
    Recipe torus = wired("torus 8 x 6 x 10 by dimension order", grid_of(WiringRecipe::torus, {8, 6, 10}), 6);
    torus.cluster.server.routing = ServerRouting::dimension_order;
    const Verdict found = verdict(torus.cluster, false);
    print(torus.name, found);
    CHECK(found.circle.empty());
    CHECK(found.channels == 2);
}

// Shortest ways over a large torus leave and take up its dimensions so often that 16 channels do not tell all phases apart.
TEST_CASE("clusters in configs/ have no circle of buffers between their cards, but for two of 9,000 cards") {
    const std::set<std::string> cyclic{"tpu-v5p-8960", "tpu7x-9216"};
    for (const std::string& path : yaml_files("configs/clusters")) {
        const ClusterConfig cluster = load_cluster(path).value.cluster;
        const Verdict found = verdict(cluster, false);
        print(cluster.name, found);
        INFO(path);
        CHECK(found.circle.empty() != cyclic.contains(cluster.name));
    }
}
