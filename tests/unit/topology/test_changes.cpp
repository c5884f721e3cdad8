// What is not as built: which links a pattern names, what happens to them, and when a cluster counts as cut.

#include "interconnect/topology/changes.h"

#include "interconnect/topology/analysis.h"
#include "interconnect/topology/build.h"
#include "interconnect/topology/link_steps.h"
#include "interconnect/topology/name_pattern.h"
#include "sim/error/error.h"
#include "tests/unit/topology/clusters.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;

namespace {

std::string message_of(const Topology& topology, const ClusterChange& change) {
    try {
        static_cast<void>(scope_of(topology, change));
    } catch (const UserError& error) {
        return error.diagnostics().front().message;
    }
    return "";
}

std::string cut_message(const Topology& topology) {
    try {
        check_not_cut(topology, std::vector<CardCondition>(topology.cards.size()));
    } catch (const UserError& error) {
        return error.diagnostics().front().message;
    }
    return "";
}

ClusterChange dead(ChangeTarget target, const char* pattern) {
    ClusterChange change{target, pattern};
    change.down = true;
    return change;
}

Topology mesh(int cards) { return build_topology(one_server(simple(WiringRecipe::full_mesh, cards), cards)); }
Topology ring(int cards) { return build_topology(one_server(simple(WiringRecipe::ring, cards), cards)); }

}  // namespace

TEST_CASE("a star stands for any characters, also none") {
    CHECK(matches("server0.card1", "server0.card1"));
    CHECK_FALSE(matches("server0.card1", "server0.card11"));
    CHECK(matches("server*.card1", "server12.card1"));
    CHECK(matches("*", ""));
    CHECK(matches("a*b*c", "abbbc"));
    CHECK_FALSE(matches("a*b*c", "abbb"));
    CHECK(matches("*card*-*card*", "server0.card0-server0.card1"));
}

TEST_CASE("a link is named by its ends in either order, by pattern, class, card or node") {
    const Topology topology = mesh(4);  // 6 links, card 0 at 3 of them
    CHECK(scope_of(topology, {ChangeTarget::link, "server0.card0-server0.card1"}).links.size() == 1);
    CHECK(scope_of(topology, {ChangeTarget::link, "server0.card1-server0.card0"}).links ==
          scope_of(topology, {ChangeTarget::link, "server0.card0-server0.card1"}).links);
    CHECK(scope_of(topology, {ChangeTarget::link, "server0.card0-*"}).links.size() == 3);
    CHECK(scope_of(topology, {ChangeTarget::link, "*-*"}).links.size() == 6);
    CHECK(scope_of(topology, {ChangeTarget::link_class, "icn"}).links.size() == 6);
    const ChangeScope card = scope_of(topology, {ChangeTarget::card, "server0.card2"});
    CHECK(card.links.size() == 3);
    CHECK(card.cards == std::vector<std::uint32_t>{2});
}

TEST_CASE("what matches nothing is told with the nearest name") {
    const Topology topology = ring(4);
    CHECK(message_of(topology, {ChangeTarget::link, "server0.crad0-server0.card1"}) ==
          "link 'server0.crad0-server0.card1' matches nothing in " + topology.name +
              ": there is no 'server0.crad0'; did you mean 'server0.card0'?");
    CHECK(message_of(topology, {ChangeTarget::link, "server0.card0-server0.card2"}) ==
          "link 'server0.card0-server0.card2' matches nothing in " + topology.name + ": no link joins the two");
    CHECK(message_of(topology, {ChangeTarget::link_class, "inc"}) ==
          "class 'inc' matches nothing in " + topology.name +
              ": there is no such class; did you mean 'icn'? (classes: icn)");
}

TEST_CASE("a slower link gets a class of its own and leaves the others alone") {
    Topology topology = mesh(4);
    const BytesPerSecond built = topology.link_classes[0].bandwidth;
    ClusterChange change{ChangeTarget::link, "server0.card0-server0.card1"};
    change.bandwidth_factor = 0.5;
    apply_change(topology, change);
    REQUIRE(topology.link_classes.size() == 2);
    CHECK(topology.link_classes[1].name == "icn");
    CHECK(topology.link_classes[1].bandwidth.count() == built.count() / 2);
    int slower = 0;
    for (const Edge& edge : topology.edges) {
        slower += edge.link_class == 1 ? 1 : 0;
    }
    CHECK(slower == 1);
    // The same again to another link takes the class that is there.
    change.pattern = "server0.card2-server0.card3";
    apply_change(topology, change);
    CHECK(topology.link_classes.size() == 2);
}

TEST_CASE("dead links carry no bisection and no shortest path") {
    Topology topology = mesh(4);
    const BytesPerSecond whole = analyse(topology).bisection.value;  // cards 0, 1 to 2, 3: four links
    apply_change(topology, dead(ChangeTarget::link, "server0.card0-server0.card2"));
    const TopologyAnalysis analysis = analyse(topology);
    CHECK(analysis.bisection.value.count() == whole.count() / 4 * 3);
    CHECK(analysis.diameter.value == 2);
}

TEST_CASE("a cluster that is cut names both sides and the dead links between") {
    Topology topology = ring(6);
    CHECK(cut_message(topology).empty());
    apply_change(topology, dead(ChangeTarget::link, "server0.card1-server0.card2"));
    CHECK(cut_message(topology).empty());
    apply_change(topology, dead(ChangeTarget::link, "server0.card4-server0.card5"));
    CHECK(cut_message(topology) ==
          topology.name +
              " is cut: 3 cards (server0.card0, server0.card1, server0.card5) cannot reach 3 cards (server0.card2, "
              "server0.card3, server0.card4); 2 links between them, all down: server0.card1-server0.card2, "
              "server0.card4-server0.card5");
}

TEST_CASE("a card that is down is not cut off but gone") {
    Topology topology = mesh(4);
    const std::vector<ClusterChange> changes{dead(ChangeTarget::card, "server0.card3")};
    apply_change(topology, changes[0]);
    const auto cards = card_conditions(topology, changes, Picoseconds{0});
    CHECK(cards[3].down);
    CHECK_NOTHROW(check_not_cut(topology, cards));
}

TEST_CASE("changes of cards hold from their time on") {
    const Topology topology = mesh(4);
    ClusterChange slow{ChangeTarget::card, "server0.card1"};
    slow.compute = 0.5;
    ClusterChange slower = slow;
    slower.compute = 0.25;
    slower.at = us(5);
    const std::vector<ClusterChange> changes{slow, slower};
    CHECK(card_conditions(topology, changes, Picoseconds{0})[1].compute == 0.5);
    CHECK(card_conditions(topology, changes, us(5))[1].compute == 0.25);
    CHECK(card_conditions(topology, changes, us(5))[0].compute == 1.0);
}

// Ring links at 50 GB/s. The second factor is a share of the start's bandwidth, not of the first's. The link that comes
// back 5 us after its death, known at once, makes the news of its death (10 us later) void.
TEST_CASE("changes during the run are steps of links and, after their detection, of routes") {
    const Topology topology = ring(6);
    const BytesPerSecond whole = class_of(topology, EdgeId{0}).bandwidth;
    ClusterChange half{ChangeTarget::link, "server0.card0-server0.card1", us(10)};
    half.bandwidth_factor = 0.5;
    ClusterChange restored = half;
    restored.at = us(20);
    restored.bandwidth_factor = 1.0;
    ClusterChange death = dead(ChangeTarget::link, "server0.card0-server0.card1");
    death.at = us(30);
    death.detection = us(10);
    ClusterChange back = half;
    back.at = us(35);
    back.bandwidth_factor.reset();
    back.up = true;
    CHECK_FALSE(has_timed_link_changes({dead(ChangeTarget::link, "server0.card0-server0.card1")}));
    REQUIRE(has_timed_link_changes({half}));

    const std::vector<LinkStep> steps = link_steps(topology, {death, back, restored, half});  // any order
    REQUIRE(steps.size() == 4);  // at 40 us nothing is left to do
    CHECK(steps[0].at == us(10));
    REQUIRE(steps[0].links.size() == 1);
    CHECK(steps[0].links[0].bandwidth.count() * 2 == whole.count());
    CHECK(steps[0].routed.empty());
    CHECK(steps[1].links.at(0).bandwidth == whole);
    CHECK(steps[2].links.at(0).down);
    CHECK(steps[2].routed.empty());
    CHECK_FALSE(steps[3].links.at(0).down);
    CHECK_FALSE(steps[3].routed.at(0).down);

    const std::vector<LinkStep> noticed = link_steps(topology, {death});
    REQUIRE(noticed.size() == 2);
    CHECK(noticed[1].at == us(40));
    Topology after = topology;
    apply_routed(after, noticed[0]);
    CHECK_FALSE(after.edges[index(noticed[1].routed.at(0).edge)].down);
    apply_routed(after, noticed[1]);
    CHECK(after.edges[index(noticed[1].routed.at(0).edge)].down);
}
