// Virtual channels: the rule, and that with it no circle of buffers exists on routes that are really used.

#include "interconnect/packet/channel_dependency.h"
#include "interconnect/packet/virtual_channels.h"
#include "sim/error/error.h"
#include "tests/support/flow_rig.h"
#include "tests/support/reference_clusters.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;
using Catch::Matchers::Contains;

namespace {

constexpr BytesPerSecond kRate{50'000'000'000};

FlowControlConfig channels(int count) {
    FlowControlConfig control;
    control.modelled = true;
    control.icn.virtual_channels = count;
    return control;
}

// The error of the check, or nothing.
std::string deadlock(const Topology& topology, int count) {
    const auto router = make_router(topology, {});
    const FlowControlConfig control = channels(count);
    try {
        check_channels(topology, *router, control);
    } catch (const UserError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("a channel follows from falls of the dimension and datelines") {
    Packet packet;
    enter_link(packet, 0, false);
    CHECK(channel_of(packet, 8) == 0);
    enter_link(packet, 0, true);  // closes the ring: dateline from here on
    CHECK(channel_of(packet, 8) == 1);
    enter_link(packet, 0, false);
    CHECK(channel_of(packet, 8) == 1);
    enter_link(packet, 1, false);  // rises: another ring
    CHECK(channel_of(packet, 8) == 0);
    enter_link(packet, 1, true);
    CHECK(channel_of(packet, 8) == 1);
    enter_link(packet, 0, false);  // falls: another phase
    CHECK(channel_of(packet, 8) == 2);
    enter_link(packet, 0, true);
    CHECK(channel_of(packet, 8) == 3);
    CHECK(channel_of(packet, 2) == 1);  // there are no more
}

TEST_CASE("a ring needs its dateline") {
    // Six cards: shortest ways of up to three hops follow each other all round.
    CHECK(deadlock(torus({6}, kRate, ns(500)), 2).empty());
    const std::string circle = deadlock(torus({6}, kRate, ns(500)), 1);
    CHECK_THAT(circle, Contains("card0 -> card1 (channel 0), card1 -> card2 (channel 0)"));
    CHECK_THAT(circle, Contains("card5 -> card0 (channel 0)"));
    CHECK_THAT(circle, Contains("more virtual channels"));
    // Of three cards all are neighbours: no packet holds one link and waits for another.
    CHECK(deadlock(torus({3}, kRate, ns(500)), 1).empty());
}

TEST_CASE("shortest ways over a torus in any order of dimensions need two channels a phase") {
    // All shortest paths: dimensions in any order, so up to one fall in two dimensions, three in three (x y x z... of
    // shortest ways a dimension may be left and taken up again).
    CHECK(deadlock(torus({4, 4}, kRate, ns(500)), 8).empty());
    CHECK_FALSE(deadlock(torus({4, 4}, kRate, ns(500)), 1).empty());
    CHECK_FALSE(deadlock(torus({4, 4}, kRate, ns(500)), 2).empty());
    CHECK(deadlock(torus({4, 4, 4}, kRate, ns(500)), 12).empty());
    CHECK(deadlock(torus({2, 2, 2, 2, 2, 2}, kRate, ns(500)), 12).empty());
}

TEST_CASE("a switch and a board of full meshes need one channel, PCIe and fabrics that go up and down too") {
    CHECK(deadlock(star(8, kRate, ns(500)), 1).empty());
    ServerConfig mesh = reference::ppu_server(8, {WiringRecipe::full_mesh, 8, {}});
    CHECK(deadlock(build_topology(reference::one_server(mesh)), 1).empty());
    Topology hpn = build_topology(reference::ppu_cluster(4));
    // Rows and columns of K4 x K4 are dimensions 0 and 1: cards of a row have neighbouring numbers.
    for (Edge& edge : hpn.edges) {
        const Node& a = hpn.nodes[index(edge.a)];
        const Node& b = hpn.nodes[index(edge.b)];
        if (a.kind == NodeKind::card && b.kind == NodeKind::card) {
            const auto apart = index(edge.b) - index(edge.a);
            edge.dimension = apart < 4 ? 0 : 1;
        }
    }
    CHECK(deadlock(hpn, 4).empty());
    CHECK_THAT(deadlock(hpn, 1), Contains("circle"));
}

TEST_CASE("the graph of dependencies has the arcs of its routes and no others") {
    // A line of three cards: 0-1-2. From 0 to 2 a packet holds 0->1 and waits for 1->2; back likewise.
    Drawing line("line");
    for (int c = 0; c < 3; ++c) {
        line.node(NodeKind::card, "card" + std::to_string(c));
    }
    line.link(0, 1, kRate, ns(500));
    line.link(1, 2, kRate, ns(500));
    const auto router = make_router(line.topology(), {});
    const FlowControlConfig control = channels(1);
    ChannelDependencies dependencies(line.topology(), control);
    for (std::uint32_t from = 0; from < 3; ++from) {
        for (std::uint32_t to = 0; to < 3; ++to) {
            if (from != to) {
                dependencies.add(CardId{from}, router->between(CardId{from}, CardId{to})[0]);
            }
        }
    }
    CHECK(dependencies.arcs() == 2);
    CHECK(dependencies.circle().empty());
}
