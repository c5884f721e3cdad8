// Routes: they lead where they should, are the shortest, and split as the wiring predicts.

#include "interconnect/routing/path.h"
#include "interconnect/routing/routes.h"
#include "interconnect/topology/build.h"
#include "sim/error/error.h"
#include "tests/unit/topology/clusters.h"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <string>

using namespace myriad;
using namespace myriad::test;

namespace {

std::vector<NodeKind> kinds_on(const Topology& topology, CardId from, Route route) {
    std::vector<NodeKind> kinds;
    for_each_hop(topology, from, route,
                 [&](DirectedEdge, NodeId node) { kinds.push_back(topology.nodes[index(node)].kind); });
    return kinds;
}

// Every route ends at `to`, visits no node twice, is as long as the others and differs from them.
void check_routes(const Topology& topology, CardId from, CardId to, RouteSet routes) {
    std::set<std::vector<std::uint16_t>> distinct;
    for (const Route route : routes) {
        std::set<NodeId> visited{topology.cards[index(from)]};
        const NodeId last = for_each_hop(topology, from, route,
                                         [&](DirectedEdge, NodeId node) { REQUIRE(visited.insert(node).second); });
        REQUIRE(last == topology.cards[index(to)]);
        REQUIRE(route.hops() == routes[0].hops());
        distinct.insert({route.begin(), route.end()});
    }
    REQUIRE(distinct.size() == routes.size());
}

CardId card(int n) { return CardId{static_cast<std::uint32_t>(n)}; }

}  // namespace

TEST_CASE("on the eight-card board neighbours have one path and all others two of two hops") {
    const Topology topology = build_topology(one_server(simple(WiringRecipe::matched_quads, 8), 8));
    const auto router = make_router(topology, {});
    // The pairs that the published matrix shows at twice the bandwidth of a link.
    const std::map<int, std::set<int>> twice{{0, {4, 5, 7}}, {1, {4, 5, 6}}, {2, {5, 6, 7}}, {3, {4, 6, 7}}};
    for (int a = 0; a < 8; ++a) {
        for (int b = 0; b < 8; ++b) {
            if (a == b) {
                continue;
            }
            const auto low = std::min(a, b);
            const bool two = low < 4 && twice.at(low).count(std::max(a, b)) == 1;
            const RouteSet routes = router->between(card(a), card(b));
            check_routes(topology, card(a), card(b), routes);
            CHECK(routes.size() == (two ? 2u : 1u));
            CHECK(routes[0].hops() == (two ? 2u : 1u));
        }
    }
}

TEST_CASE("on K4 x K4 a card in another row and column is reached over both corners") {
    const Topology topology = build_topology(one_server(k4_k4(), 16));
    const auto router = make_router(topology, {});
    for (int a = 0; a < 16; ++a) {
        for (int b = 0; b < 16; ++b) {
            if (a == b) {
                continue;
            }
            const bool in_line = a / 4 == b / 4 || a % 4 == b % 4;
            const RouteSet routes = router->between(card(a), card(b));
            check_routes(topology, card(a), card(b), routes);
            CHECK(routes.size() == (in_line ? 1u : 2u));
            CHECK(routes[0].hops() == (in_line ? 1u : 2u));
        }
    }
}

TEST_CASE("routes on random products are all the shortest paths") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        INFO("seed " << seed);
        Lcg random(seed);
        const WiringConfig wiring = random_product(random);
        int cards = 1;
        for (const WiringConfig& factor : wiring.factors) {
            cards *= factor.size;
        }
        ClusterConfig config = one_server(wiring, cards);
        config.server.link_budget = LinkBudget::divided;
        const Topology topology = build_topology(config);
        const auto router = make_router(topology, {});
        for (int trial = 0; trial < 40; ++trial) {
            const int a = random.below(cards);
            const int b = random.below(cards);
            if (a == b) {
                continue;
            }
            // In a product distances of the factors add up; shortest paths are the interleavings of the factors'
            // hops, times 2 for each ring in which the two are opposite.
            std::size_t distance = 0;
            std::size_t paths = 1;
            int stride = 1;
            for (const WiringConfig& factor : wiring.factors) {
                const int gap = std::abs(a / stride % factor.size - b / stride % factor.size);
                stride *= factor.size;
                const bool ring = factor.recipe == WiringRecipe::ring;
                const int hops = ring ? std::min(gap, factor.size - gap) : std::min(gap, 1);
                if (ring && factor.size > 2 && gap * 2 == factor.size) {
                    paths *= 2;
                }
                for (int k = 1; k <= hops; ++k) {  // times binomial(distance + hops, hops)
                    paths = paths * (distance + static_cast<std::size_t>(k)) / static_cast<std::size_t>(k);
                }
                distance += static_cast<std::size_t>(hops);
            }
            const RouteSet routes = router->between(card(a), card(b));
            check_routes(topology, card(a), card(b), routes);
            REQUIRE(routes[0].hops() == distance);
            REQUIRE(routes.size() == std::min<std::size_t>(paths, kMaxRoutes));
            REQUIRE(router->between(card(b), card(a)).size() == routes.size());
        }
    }
}

TEST_CASE("through an ICN switch there is one path") {
    const Topology topology = build_topology(one_server(simple(WiringRecipe::icn_switch, 8), 8));
    const auto router = make_router(topology, {});
    const RouteSet routes = router->between(card(2), card(7));
    REQUIRE(routes.size() == 1);
    CHECK(kinds_on(topology, card(2), routes[0]) == std::vector<NodeKind>{NodeKind::icn_switch, NodeKind::card});
    CHECK(path_latency(topology, card(2), routes[0]) == ns(125 + 100));
    CHECK(path_bandwidth(topology, card(2), routes[0]) == BytesPerSecond{350'000'000'000});
}

TEST_CASE("inside a server a route never takes PCIe, and all servers share it") {
    const Topology topology = build_topology(hpn_cluster(3));
    const auto router = make_router(topology, {});
    // Cards 0 and 1 share a PCIe switch and are neighbours in a row.
    const RouteSet routes = router->between(card(0), card(1));
    CHECK(kinds_on(topology, card(0), routes[0]) == std::vector<NodeKind>{NodeKind::card});
    for (int a = 0; a < 16; ++a) {
        for (int b = 0; b < 16; ++b) {
            if (a != b) {
                CHECK(router->between(card(a), card(b)).words() == router->between(card(32 + a), card(32 + b)).words());
            }
        }
    }
}

TEST_CASE("between servers one route a plane goes over the NICs of both cards") {
    const Topology topology = build_topology(hpn_cluster(256));
    const auto router = make_router(topology, {});
    // Card 5 of server 3 to card 4 of server 9: both on NIC 2, one ToR a plane.
    const CardId from = card(3 * 16 + 5);
    const RouteSet same_rail = router->between(from, card(9 * 16 + 4));
    check_routes(topology, from, card(9 * 16 + 4), same_rail);
    REQUIRE(same_rail.size() == 2);
    const std::vector<NodeKind> over_tor{NodeKind::pcie_switch, NodeKind::nic,         NodeKind::ethernet_switch,
                                         NodeKind::nic,         NodeKind::pcie_switch, NodeKind::card};
    CHECK(kinds_on(topology, from, same_rail[0]) == over_tor);
    CHECK(kinds_on(topology, from, same_rail[1]) == over_tor);
    // pcie 300, pcie to NIC 300 + 700, NIC to ToR 500 + 400, ToR to NIC 500 + 700, pcie 300, pcie 300
    CHECK(path_latency(topology, from, same_rail[0]) == ns(300 + 1000 + 900 + 1200 + 300 + 300));
    CHECK(path_bandwidth(topology, from, same_rail[0]) == BytesPerSecond{25'000'000'000});

    // Another rail or another segment: two more hops over an aggregation switch, 900 each.
    for (const CardId to : {card(9 * 16 + 15), card(200 * 16 + 5)}) {
        const RouteSet routes = router->between(from, to);
        check_routes(topology, from, to, routes);
        REQUIRE(routes.size() == 2);
        CHECK(routes[0].hops() == 8);
        CHECK(path_latency(topology, from, routes[0]) == ns(4000 + 2 * 900));
        for (std::size_t plane = 0; plane < 2; ++plane) {
            std::string agg;
            for_each_hop(topology, from, routes[plane], [&](DirectedEdge, NodeId node) {
                agg = topology.nodes[index(node)].tier == 3 ? topology.nodes[index(node)].name : agg;
            });
            CHECK(agg.substr(0, 6) == "plane" + std::to_string(plane));
        }
    }
}

TEST_CASE("a pair's route does not depend on what was asked before") {
    const Topology topology = build_topology(clos_cluster(8, 16, 4, 2));
    for (const FabricRouting mode : {FabricRouting::ecmp, FabricRouting::spread}) {
        const auto forward = make_router(topology, {mode, 5});
        const auto backward = make_router(topology, {mode, 5});
        std::map<std::pair<int, int>, std::vector<std::uint16_t>> first;
        for (int a = 0; a < 128; a += 3) {
            for (int b = 1; b < 128; b += 5) {
                if (a != b) {
                    const Route route = forward->between(card(a), card(b))[0];
                    first[{a, b}] = {route.begin(), route.end()};
                }
            }
        }
        for (auto pair = first.rbegin(); pair != first.rend(); ++pair) {
            const Route route = backward->between(card(pair->first.first), card(pair->first.second))[0];
            REQUIRE(std::vector<std::uint16_t>(route.begin(), route.end()) == pair->second);
        }
    }
}

TEST_CASE("cards without ICN between them use their PCIe switch, or their NICs") {
    // Single cards as far as ICN goes: a ring of 1 has no links; the four cards are wired as a product of nothing.
    Topology topology = build_topology(switch_cluster(1));
    // Cut all ICN links of card 0 by moving it out of the way: a topology whose ICN joins no cards.
    Topology bare;
    bare.link_classes = topology.link_classes;
    for (const Node& node : topology.nodes) {
        Node copy = node;
        copy.ports.clear();
        bare.nodes.push_back(copy);
    }
    bare.cards = topology.cards;
    for (const Edge& edge : topology.edges) {
        if (topology.link_classes[edge.link_class].name != "icn") {
            Edge copy = edge;
            copy.port_a = static_cast<std::uint16_t>(bare.nodes[index(edge.a)].ports.size());
            copy.port_b = static_cast<std::uint16_t>(bare.nodes[index(edge.b)].ports.size());
            const EdgeId id{static_cast<std::uint32_t>(bare.edges.size())};
            bare.edges.push_back(copy);
            bare.nodes[index(edge.a)].ports.push_back(id);
            bare.nodes[index(edge.b)].ports.push_back(id);
        }
    }
    const auto router = make_router(bare, {});
    const RouteSet shared = router->between(card(0), card(1));
    CHECK(kinds_on(bare, card(0), shared[0]) == std::vector<NodeKind>{NodeKind::pcie_switch, NodeKind::card});
    const RouteSet apart = router->between(card(0), card(15));
    check_routes(bare, card(0), card(15), apart);
    CHECK(apart.size() == 2);
    CHECK(apart[0].hops() == 6);
}

TEST_CASE("a graph without servers is routed over all shortest paths, and a missing path is the user's error") {
    // A square of cards 0-1-3-2-0 and a card 4 on its own.
    Topology square;
    square.link_classes.push_back({"icn", BytesPerSecond{1'000'000'000}, ns(10)});
    for (int n = 0; n < 5; ++n) {
        Node node;
        node.name = "card" + std::to_string(n);
        square.nodes.push_back(node);
        square.cards.push_back(NodeId{static_cast<std::uint32_t>(n)});
    }
    for (const auto& [a, b] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{{0, 1}, {0, 2}, {1, 3}, {2, 3}}) {
        const EdgeId id{static_cast<std::uint32_t>(square.edges.size())};
        square.edges.push_back({NodeId{a}, NodeId{b}, static_cast<std::uint16_t>(square.nodes[a].ports.size()),
                                static_cast<std::uint16_t>(square.nodes[b].ports.size()), 0});
        square.nodes[a].ports.push_back(id);
        square.nodes[b].ports.push_back(id);
    }
    const auto router = make_router(square, {});
    const RouteSet routes = router->between(card(0), card(3));
    check_routes(square, card(0), card(3), routes);
    CHECK(routes.size() == 2);
    CHECK(path_latency(square, card(0), routes[0]) == ns(20));
    CHECK_THROWS_WITH(router->between(card(0), card(4)), Catch::Contains("no path leads from card0 to card4"));
}

TEST_CASE("a server that has lost a link is routed by its own shape") {
    Topology topology = build_topology(switch_cluster(3));
    // Take the link between cards 0 and 1 of server 1 out of use by leading it elsewhere: from card 0 to the switch.
    const CardId first = card(16);
    const Step step = step_over(topology, topology.cards[16], 0);
    REQUIRE(step.to == topology.cards[17]);
    Edge& edge = topology.edges[index(step.way.edge)];
    const NodeId hub{static_cast<std::uint32_t>(topology.nodes.size() - 1)};
    REQUIRE(topology.nodes[index(hub)].kind == NodeKind::ethernet_switch);
    topology.nodes[index(edge.b)].ports[edge.port_b] = topology.nodes[index(edge.b)].ports[1];
    edge.b = hub;
    edge.port_b = static_cast<std::uint16_t>(topology.nodes[index(hub)].ports.size());
    topology.nodes[index(hub)].ports.push_back(step.way.edge);

    const auto router = make_router(topology, {});
    // Over the two other cards of the row: card 0 - 2 - 1 and 0 - 3 - 1; servers 0 and 2 keep the direct link.
    const RouteSet detour = router->between(first, card(17));
    check_routes(topology, first, card(17), detour);
    CHECK(detour.size() == 2);
    CHECK(detour[0].hops() == 2);
    CHECK(router->between(card(0), card(1)).size() == 1);
    CHECK(router->between(card(0), card(1)).words() == router->between(card(32), card(33)).words());
}
