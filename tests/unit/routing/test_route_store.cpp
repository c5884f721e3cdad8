// The store of route sets: what is put in comes out, equal sets are one, and addresses stay.

#include "interconnect/routing/route_store.h"

#include <catch2/catch.hpp>

#include <vector>

using namespace myriad;

namespace {

RouteSet put(RouteStore& store, const std::vector<std::vector<std::uint16_t>>& routes) {
    store.begin();
    for (const auto& route : routes) {
        for (const std::uint16_t port : route) {
            store.add_port(port);
        }
        store.end_route();
    }
    return store.keep();
}

std::vector<std::vector<std::uint16_t>> read(RouteSet set) {
    std::vector<std::vector<std::uint16_t>> routes;
    for (const Route route : set) {
        routes.emplace_back(route.begin(), route.end());
    }
    return routes;
}

}  // namespace

TEST_CASE("a route set reads back as it was put in, routes of unequal length too") {
    RouteStore store;
    const std::vector<std::vector<std::uint16_t>> routes{{1, 2, 3}, {7}, {65534, 0}};
    const RouteSet set = put(store, routes);
    CHECK(set.size() == 3);
    CHECK(read(set) == routes);
    CHECK(set[0].hops() == 3);
    // A cursor that runs along a route meets the end mark after its last port.
    for (const Route route : set) {
        CHECK(*route.end() == kRouteEnd);
    }
}

TEST_CASE("equal sets are stored once and sets that share a beginning are not confused") {
    RouteStore store;
    const RouteSet first = put(store, {{1, 2}, {3, 4}});
    CHECK(put(store, {{1, 2}, {3, 4}}).words() == first.words());
    CHECK(put(store, {{1, 2}}).words() != first.words());
    CHECK(put(store, {{3, 4}, {1, 2}}).words() != first.words());
    CHECK(put(store, {{1, 2, 3, 4}}).words() != first.words());
    CHECK(store.distinct_sets() == 4);
}

TEST_CASE("addresses stay while the store grows") {
    RouteStore store;
    std::vector<RouteSet> sets;
    for (std::uint16_t i = 0; i < 60'000; ++i) {
        sets.push_back(put(store, {{i, static_cast<std::uint16_t>(i / 7)}, {3, i}}));
    }
    CHECK(store.distinct_sets() == 60'000);
    bool all = true;
    for (std::uint16_t i = 0; i < 60'000; ++i) {
        all = all && sets[i][0][0] == i && sets[i][0][1] == i / 7 && sets[i][1][1] == i;
        all = all && put(store, {{i, static_cast<std::uint16_t>(i / 7)}, {3, i}}).words() == sets[i].words();
    }
    CHECK(all);
}

TEST_CASE("a route longer than a block of the store is kept whole") {
    RouteStore store;
    (void)put(store, {{1}});
    std::vector<std::uint16_t> ports(40'000);
    for (std::size_t i = 0; i < ports.size(); ++i) {
        ports[i] = static_cast<std::uint16_t>(i);
    }
    CHECK(read(put(store, {ports})).front() == ports);
    CHECK(read(put(store, {{2}})) == std::vector<std::vector<std::uint16_t>>{{2}});
}
