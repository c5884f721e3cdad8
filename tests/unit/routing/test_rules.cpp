// Rules of routing: each on a graph small enough to say what it must give, and the properties that hold for all pairs.

#include "interconnect/routing/path.h"
#include "interconnect/routing/routes.h"
#include "interconnect/topology/changes.h"
#include "sim/error/error.h"
#include "tests/support/hand_made_topologies.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace myriad;
using namespace myriad::test;

namespace {

CardId card(std::size_t n) { return CardId{static_cast<std::uint32_t>(n)}; }

RoutingConfig inside(ServerRouting rule) {
    RoutingConfig config;
    config.server = rule;
    return config;
}
RoutingConfig outside(FabricRouting rule, EcmpHash hash = EcmpHash::per_switch) {
    RoutingConfig config;
    config.fabric = rule;
    config.hash = hash;
    return config;
}

template <class Visit>
void for_each_pair(const Topology& topology, Visit&& visit) {
    for (std::size_t a = 0; a < topology.cards.size(); ++a) {
        for (std::size_t b = 0; b < topology.cards.size(); ++b) {
            if (a != b) {
                visit(card(a), card(b));
            }
        }
    }
}

bool leads_there(const Topology& topology, CardId from, CardId to, Route route) {
    bool up = true;
    const NodeId last = for_each_hop(
        topology, from, route, [&](DirectedEdge way, NodeId) { up = up && !topology.edges[index(way.edge)].down; });
    return up && last == topology.cards[index(to)];
}

bool without_loop(const Topology& topology, CardId from, Route route) {
    std::set<NodeId> visited{topology.cards[index(from)]};
    bool fresh = true;
    for_each_hop(topology, from, route,
                 [&](DirectedEdge, NodeId node) { fresh = fresh && visited.insert(node).second; });
    return fresh;
}

// Shares of messages by directed link when every pair sends one.
std::map<DirectedEdge, double> all_to_all_load(const Topology& topology, Router& router) {
    std::map<DirectedEdge, double> load;
    for_each_pair(topology, [&](CardId from, CardId to) {
        const RouteSet routes = router.between(from, to);
        for (const Route route : routes) {
            for (const DirectedEdge way : edges_of(topology, from, route)) {
                load[way] += 1.0 / static_cast<double>(routes.size());
            }
        }
    });
    return load;
}

double greatest(const std::map<DirectedEdge, double>& load) {
    double most = 0.0;
    for (const auto& [way, sum] : load) {
        most = std::max(most, sum);
    }
    return most;
}

int ring_distance(int a, int b, int size) { return std::min((a - b + size) % size, (b - a + size) % size); }

void fail_link(Topology& topology, const char* pattern) {
    ClusterChange change{ChangeTarget::link, pattern};
    change.down = true;
    apply_change(topology, change);
}

}  // namespace

TEST_CASE("by dimension a torus is crossed innermost first, each ring the short way") {
    const std::vector<int> sizes{4, 3, 5};
    const Topology topology = torus(sizes);
    const auto router = make_router(topology, inside(ServerRouting::dimension_order));
    for_each_pair(topology, [&](CardId from, CardId to) {
        const RouteSet routes = router->between(from, to);
        REQUIRE(routes.size() == 1);
        REQUIRE(leads_there(topology, from, to, routes[0]));
        int before = 0;
        for (const DirectedEdge way : edges_of(topology, from, routes[0])) {
            const int dimension = topology.edges[index(way.edge)].dimension;
            REQUIRE(dimension >= before);
            before = dimension;
        }
        int hops = 0;
        int stride = 1;
        for (const int size : sizes) {
            hops += ring_distance(static_cast<int>(index(from)) / stride % size,
                                  static_cast<int>(index(to)) / stride % size, size);
            stride *= size;
        }
        REQUIRE(routes[0].hops() == static_cast<std::size_t>(hops));
    });
}

// A ring of four: distances 1, 2 and 1. The pairs at distance 2 are dealt over both ways round, so each of the eight
// directed links carries (4 + 4 x 2 + 4) / 8 = 2 messages.
TEST_CASE("half-way round a ring both directions carry the same") {
    const Topology topology = torus({4});
    const auto router = make_router(topology, inside(ServerRouting::dimension_order));
    const auto load = all_to_all_load(topology, *router);
    REQUIRE(load.size() == 8);
    for (const auto& [way, sum] : load) {
        CHECK(sum == 2.0);
    }
}

TEST_CASE("the first path is one of the shortest, and always the same") {
    const Topology topology = torus({4, 4});
    const auto all = make_router(topology, inside(ServerRouting::shortest));
    const auto one = make_router(topology, inside(ServerRouting::first));
    for_each_pair(topology, [&](CardId from, CardId to) {
        const RouteSet first = one->between(from, to);
        REQUIRE(first.size() == 1);
        REQUIRE(leads_there(topology, from, to, first[0]));
        REQUIRE(without_loop(topology, from, first[0]));
        REQUIRE(first[0].hops() == all->between(from, to)[0].hops());
    });
}

// Card 0 to the far corner of a hypercube of 6 dimensions: 6! = 720 paths, of which 256 are taken. Each first step is
// taken 256 / 6 times, rounded up or down.
TEST_CASE("more paths than are taken are dealt evenly over the first links") {
    const Topology topology = torus({2, 2, 2, 2, 2, 2});
    const auto router = make_router(topology, inside(ServerRouting::spray));
    const RouteSet routes = router->between(card(0), card(63));
    REQUIRE(routes.size() == kMaxSprayRoutes);
    std::map<std::uint16_t, int> by_first;
    for (const Route route : routes) {
        CHECK(route.hops() == 6);
        CHECK(leads_there(topology, card(0), card(63), route));
        ++by_first[route[0]];
    }
    REQUIRE(by_first.size() == 6);
    for (const auto& [port, count] : by_first) {
        CHECK((count == 42 || count == 43));
    }
}

TEST_CASE("Valiant goes over a card drawn for the pair or for the message, at most twice across") {
    const Topology topology = torus({4, 4});
    const std::size_t diameter = 4;
    RoutingConfig config = inside(ServerRouting::valiant);
    const auto by_pair = make_router(topology, config);
    config.valiant = ValiantDraw::message;
    const auto by_message = make_router(topology, config);
    for_each_pair(topology, [&](CardId from, CardId to) {
        std::set<const std::uint16_t*> drawn;
        for (std::uint64_t message = 0; message < 16; ++message) {
            const RouteSet routes = by_message->of_message(from, to, message);
            REQUIRE(routes.size() == 1);
            REQUIRE(leads_there(topology, from, to, routes[0]));
            REQUIRE(routes[0].hops() <= 2 * diameter);
            drawn.insert(routes.words());
            REQUIRE(by_pair->of_message(from, to, message).words() == by_pair->between(from, to).words());
        }
        REQUIRE(drawn.size() > 4);  // of at most 16 cards
    });
}

// Every card of a ring of 16 sends to the card 7 further on: the short way round loads each link in that direction with
// 7 messages and the others with none. Valiant goes 4 + 4 links on average, over both directions: 4 a link, give or take
// the luck of 64 draws a pair.
TEST_CASE("Valiant halves the load of the pattern that is worst for a ring") {
    const Topology topology = torus({16});
    const auto loads = [&](ServerRouting rule) {
        RoutingConfig config = inside(rule);
        config.valiant = ValiantDraw::message;
        const auto router = make_router(topology, config);
        std::map<DirectedEdge, double> load;
        for (std::size_t c = 0; c < 16; ++c) {
            for (std::uint64_t message = 0; message < 64; ++message) {
                const Route route = router->of_message(card(c), card((c + 7) % 16), message)[0];
                for (const DirectedEdge way : edges_of(topology, card(c), route)) {
                    load[way] += 1.0 / 64;
                }
            }
        }
        return greatest(load);
    };
    CHECK(loads(ServerRouting::dimension_order) == 7.0);
    CHECK(loads(ServerRouting::valiant) < 5.0);
}

TEST_CASE("a dead link of a ring sends its traffic the other way round") {
    Topology topology = torus({6});
    fail_link(topology, "server0.card1-server0.card2");
    for (const ServerRouting rule : {ServerRouting::shortest, ServerRouting::first, ServerRouting::spray,
                                     ServerRouting::dimension_order, ServerRouting::valiant}) {
        const auto router = make_router(topology, inside(rule));
        for_each_pair(topology, [&](CardId from, CardId to) {
            for (const Route route : router->between(from, to)) {
                REQUIRE(leads_there(topology, from, to, route));
            }
        });
        CHECK(router->between(card(1), card(2))[0].hops() >= 5);
    }
}

TEST_CASE("a router that is told of a change forgets the old ways, and what it gave out stays readable") {
    Topology topology = torus({4});
    const auto router = make_router(topology, {});
    const RouteSet before = router->between(card(0), card(1));
    CHECK(before[0].hops() == 1);
    fail_link(topology, "server0.card0-server0.card1");
    router->topology_changed();
    CHECK(router->between(card(0), card(1))[0].hops() == 3);
    CHECK(before[0].hops() == 1);
}

TEST_CASE("spraying takes every up-link of every tier equally") {
    const Topology topology = three_tier({});
    const auto router = make_router(topology, outside(FabricRouting::spray));
    const RouteSet far = router->between(card(0), card(16));
    CHECK(far.size() == 16);  // 4 aggregation switches x 4 cores
    CHECK(router->between(card(0), card(4)).size() == 4);
    CHECK(router->between(card(0), card(1)).size() == 1);
    std::map<DirectedEdge, int> uses;
    for (const Route route : far) {
        CHECK(leads_there(topology, card(0), card(16), route));
        for (const DirectedEdge way : edges_of(topology, card(0), route)) {
            ++uses[way];
        }
    }
    // Common to all: 3 links on the way to the leaf and 3 on the way from it. 4 links up from the leaf are taken 4 times
    // each, 16 to the cores once, and down likewise.
    std::map<int, int> links_by_uses;
    for (const auto& [way, count] : uses) {
        ++links_by_uses[count];
    }
    CHECK(links_by_uses == std::map<int, int>{{1, 32}, {4, 8}, {16, 6}});
}

namespace {

// Links from aggregation switches up to cores that flows from pod 0 to pod 1 take.
std::size_t core_links_used(EcmpHash hash) {
    const Topology topology = three_tier({2, 4, 8, 4, 4, 1});  // 32 hosts a pod
    const auto router = make_router(topology, outside(FabricRouting::ecmp, hash));
    std::set<DirectedEdge> used;
    for (std::size_t a = 0; a < 32; ++a) {
        for (std::size_t b = 32; b < 64; ++b) {
            for (const DirectedEdge way : edges_of(topology, card(a), router->between(card(a), card(b))[0])) {
                const Edge& edge = topology.edges[index(way.edge)];
                if (topology.nodes[index(edge.b)].tier == 4 && way.direction == 0) {
                    used.insert(way);
                }
            }
        }
    }
    return used.size();
}

}  // namespace

// Pod 0 has 16 links up to cores. A switch that hashes as the leaf did repeats its choice: what the leaf sent to its n-th
// aggregation switch goes on to the n-th core of that one, and 4 of 16 links carry all 1,024 flows. With functions of
// their own the chance that one of 16 links stays empty is below 16 x (15/16)^1024 = 10^-27.
TEST_CASE("switches that hash alike polarise") {
    CHECK(core_links_used(EcmpHash::same) == 4);
    CHECK(core_links_used(EcmpHash::per_switch) == 16);
}

TEST_CASE("a core switch that goes by port sends what comes in by one port out by one") {
    const Topology topology = three_tier({2, 4, 8, 4, 2, 3});  // three links from an aggregation switch to each core
    const auto router = make_router(topology, outside(FabricRouting::ecmp, EcmpHash::core_by_port));
    std::map<DirectedEdge, std::set<DirectedEdge>> out_of;
    for (std::size_t a = 0; a < 32; ++a) {
        for (std::size_t b = 32; b < 64; ++b) {
            const auto ways = edges_of(topology, card(a), router->between(card(a), card(b))[0]);
            REQUIRE(ways.size() == 10);
            out_of[ways[4]].insert(ways[5]);  // card, PCIe, NIC, leaf, aggregation: the fifth link enters the core
        }
    }
    CHECK(out_of.size() == 24);  // all up-links of the pod's aggregation switches
    for (const auto& [in, out] : out_of) {
        CHECK(out.size() == 1);
    }
}

TEST_CASE("a fabric without dimensions is routed by dimension over one shortest path") {
    const Topology topology = three_tier({});
    const auto router = make_router(topology, outside(FabricRouting::dimension_order));
    const auto shortest = make_router(topology, outside(FabricRouting::first));
    for_each_pair(topology, [&](CardId from, CardId to) {
        const RouteSet routes = router->between(from, to);
        REQUIRE(routes.size() == 1);
        REQUIRE(leads_there(topology, from, to, routes[0]));
        REQUIRE(without_loop(topology, from, routes[0]));
        REQUIRE(routes[0].hops() == shortest->between(from, to)[0].hops());
    });
}

TEST_CASE("all rules of a fabric lead where they should and avoid what is down") {
    Topology topology = three_tier({});
    fail_link(topology, "pod0.leaf0-pod0.agg1");
    fail_link(topology, "pod1.agg2-*");  // with all its links
    for (const FabricRouting rule :
         {FabricRouting::ecmp, FabricRouting::spread, FabricRouting::shortest, FabricRouting::first,
          FabricRouting::spray, FabricRouting::dimension_order, FabricRouting::valiant}) {
        const auto router = make_router(topology, outside(rule));
        for_each_pair(topology, [&](CardId from, CardId to) {
            for (const Route route : router->between(from, to)) {
                REQUIRE(leads_there(topology, from, to, route));
                REQUIRE(route.hops() <= 16);  // 10 across; Valiant 6 + 2 x 6 less what the two halves share at most
            }
        });
    }
}

// From leaf 0 of pod 0 three aggregation switches are left, of which the second has lost its other end in pod 1.
TEST_CASE("what is left of the equal paths is spread over") {
    Topology topology = three_tier({});
    fail_link(topology, "pod0.leaf0-pod0.agg1");
    const auto router = make_router(topology, outside(FabricRouting::spray));
    CHECK(router->between(card(0), card(16)).size() == 12);
    CHECK(router->between(card(4), card(16)).size() == 16);
}

TEST_CASE("a server whose NIC is cut off has no way left") {
    Topology topology = three_tier({});
    fail_link(topology, "server3.nic0-*");
    const auto router = make_router(topology, {});
    CHECK_THROWS_AS(router->between(card(3), card(4)), UserError);
}

TEST_CASE("neighbours in a server of 4,096 cards are found without searching all of it") {
    const Topology topology = torus({16, 16, 16});
    for (const ServerRouting rule : {ServerRouting::shortest, ServerRouting::dimension_order}) {
        const auto router = make_router(topology, inside(rule));
        for (std::size_t c = 0; c < 4096; ++c) {
            const RouteSet routes = router->between(card(c), card((c + 1) % 4096));
            REQUIRE(leads_there(topology, card(c), card((c + 1) % 4096), routes[0]));
        }
    }
}
