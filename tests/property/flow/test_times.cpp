// The transport against a plain simulation of the same fluid: random messages at random times over a random fabric; after
// every event all rates are computed anew by definition. Arrivals must agree to what rounding to picoseconds may add.
// Seeds are printed.

#include "interconnect/flow/flow_transport.h"
#include "interconnect/routing/path.h"
#include "interconnect/topology/build.h"
#include "sim/random/random_stream.h"
#include "tests/property/flow/plain_filling.h"
#include "tests/support/reference_clusters.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdio>
#include <map>

using namespace myriad;
using namespace myriad::test;

namespace {

struct Post {
    TimePoint time;
    CardId from{};
    CardId to{};
    std::int64_t bytes = 0;
};

ClusterConfig fabric(RandomStream& random) {
    ServerConfig server = reference::ppu_server(2, {WiringRecipe::full_mesh, 2, {}});
    server.pcie = {BytesPerSecond{random.integer(20, 60) * 1'000'000'000}, ns(150)};
    server.nics = {1, static_cast<int>(random.integer(1, 2)), BytesPerSecond{25'000'000'000}, ns(500)};
    ClusterConfig cluster;
    cluster.name = "random";
    cluster.servers = static_cast<int>(random.integer(4, 12));
    cluster.server = std::move(server);
    cluster.fabric.name = "clos";
    cluster.fabric.recipe = FabricRecipe::clos2;
    cluster.fabric.link_latency = ns(random.integer(0, 700));
    cluster.fabric.uplink = BytesPerSecond{random.integer(10, 50) * 1'000'000'000};
    cluster.fabric.leaf_down = 4;
    cluster.fabric.spines = static_cast<int>(random.integer(1, 3));
    cluster.routing_seed = random.bits();
    return cluster;
}

// Flows start and end one event at a time; a message is there when its last share has left and travelled.
std::vector<double> plain_arrivals(const Topology& topology, Router& router, const std::vector<Post>& posts) {
    struct Share {
        std::size_t message = 0;
        double left = 0.0;
        double latency_ps = 0.0;
    };
    PlainFilling filling;
    for (std::size_t l = 0; l < 2 * topology.edges.size(); ++l) {
        filling.capacity.push_back(
            static_cast<double>(class_of(topology, EdgeId{static_cast<std::uint32_t>(l / 2)}).bandwidth.count()));
    }
    std::map<std::pair<CardId, CardId>, std::size_t> first_lane;
    std::vector<std::vector<Share>> queues;  // by lane, first in front
    std::vector<double> arrivals(posts.size(), 0.0);
    double now = 0.0;
    const auto start = [&](std::size_t message) {
        const Post& post = posts[message];
        const RouteSet routes = router.between(post.from, post.to);
        const auto [lane, fresh] = first_lane.try_emplace({post.from, post.to}, queues.size());
        for (std::size_t r = 0; r < routes.size(); ++r) {
            if (fresh) {
                std::vector<std::uint32_t> path;
                for (const DirectedEdge way : edges_of(topology, post.from, routes[r])) {
                    path.push_back(2 * index(way.edge) + way.direction);
                }
                filling.paths.push_back(std::move(path));
                filling.active.push_back(false);
                queues.emplace_back();
            }
            const auto count = static_cast<std::int64_t>(routes.size());
            const auto k = static_cast<std::int64_t>(r);
            const std::int64_t bytes = (k + 1) * post.bytes / count - k * post.bytes / count;
            if (bytes > 0) {
                queues[lane->second + r].push_back(
                    {message, static_cast<double>(bytes),
                     static_cast<double>(path_latency(topology, post.from, routes[r]).count())});
                filling.active[lane->second + r] = true;
            }
        }
    };
    for (std::size_t next = 0;;) {
        const std::vector<double> rates = filling.rates();
        double until = next < posts.size() ? static_cast<double>(posts[next].time.time_since_epoch().count()) : 1e300;
        for (std::size_t l = 0; l < queues.size(); ++l) {
            if (filling.active[l]) {
                until = std::min(until, now + queues[l].front().left / rates[l] * 1e12);
            }
        }
        if (until >= 1e300) {
            return arrivals;
        }
        for (std::size_t l = 0; l < queues.size(); ++l) {
            if (!filling.active[l]) {
                continue;
            }
            Share& head = queues[l].front();
            head.left -= rates[l] * (until - now) * 1e-12;
            if (head.left <= rates[l] * 1e-15) {  // a thousandth of a picosecond
                arrivals[head.message] = std::max(arrivals[head.message], until + head.latency_ps);
                queues[l].erase(queues[l].begin());
                filling.active[l] = !queues[l].empty();
            }
        }
        now = until;
        while (next < posts.size() && static_cast<double>(posts[next].time.time_since_epoch().count()) <= now) {
            start(next++);
        }
    }
}

struct Poster final : TransportClient, AgendaClient {
    Poster(FlowTransport& t, Agenda& a, const std::vector<Post>& p)
        : transport(t), agenda(a), posts(p), arrivals(p.size()) {
        agenda.enroll(ComponentId{1}, *this);
        for (std::size_t m = 0; m < posts.size(); ++m) {
            agenda.schedule(posts[m].time, Phase::deliver, ComponentId{1}, ComponentId{1}, m);
        }
    }
    void on_agenda(const AgendaRecord& record) override {
        const Post& post = posts[record.payload];
        transport.post(post.from, post.to, Bytes{post.bytes}, record.payload, Arrival::store, *this);
    }
    void on_arrival(CardId, CardId, std::uint64_t message) override {
        arrivals[message] = static_cast<double>(agenda.now().time_since_epoch().count());
    }
    FlowTransport& transport;
    Agenda& agenda;
    const std::vector<Post>& posts;
    std::vector<double> arrivals;
};

}  // namespace

TEST_CASE("random messages arrive when a plain fluid says") {
    constexpr std::uint64_t kSeeds = 25;
    double worst = 0.0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        RandomStream random(seed, "flow.times");
        const ClusterConfig cluster = fabric(random);
        const Topology topology = build_topology(cluster);
        const auto router = make_router(topology, {cluster.routing, cluster.routing_seed});
        const auto cards = static_cast<std::uint64_t>(topology.cards.size());
        std::vector<Post> posts;
        for (int m = 0; m < 60; ++m) {
            const auto from = static_cast<std::uint32_t>(random.below(cards));
            const auto to = static_cast<std::uint32_t>((from + 1 + random.below(cards - 1)) % cards);
            posts.push_back({TimePoint{us(random.integer(0, 40))}, CardId{from}, CardId{to},
                             random.integer(1, random.chance(0.3) ? 2'000'000 : 50'000)});
        }
        std::stable_sort(posts.begin(), posts.end(), [](const Post& a, const Post& b) { return a.time < b.time; });
        const std::vector<double> expected = plain_arrivals(topology, *router, posts);
        Agenda agenda;
        FlowTransport transport(topology, *router, agenda, ComponentId{0});
        Poster poster(transport, agenda, posts);
        agenda.run();
        for (std::size_t m = 0; m < posts.size(); ++m) {
            CAPTURE(seed, m, expected[m], poster.arrivals[m]);
            // An end is at most a picosecond late, and so are the changes of rate that follow from it.
            REQUIRE(std::abs(poster.arrivals[m] - expected[m]) <= 200.0);
            worst = std::max(worst, std::abs(poster.arrivals[m] - expected[m]));
        }
        REQUIRE(transport.in_flight() == 0);
        REQUIRE(transport.posted() == transport.arrived());
    }
    std::printf("seeds 1..%llu: at most %.2f ps apart\n", static_cast<unsigned long long>(kSeeds), worst);
}
