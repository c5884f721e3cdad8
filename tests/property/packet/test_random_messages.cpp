// Random small clusters under random messages. What must hold whatever they are. A seed names a case; each runs in a
// child process.

#include "interconnect/routing/path.h"
#include "sim/process/children.h"
#include "sim/random/random_stream.h"
#include "tests/support/systems.h"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <map>
#include <set>

using namespace myriad;
using namespace myriad::test;

namespace {

WiringConfig random_wiring(RandomStream& random, int& cards) {
    switch (random.below(4)) {
        case 0:
            cards = static_cast<int>(random.integer(2, 8));
            return {WiringRecipe::full_mesh, cards, {}};
        case 1:
            cards = static_cast<int>(random.integer(3, 9));
            return {WiringRecipe::ring, cards, {}};
        case 2:
            cards = static_cast<int>(random.integer(2, 8));
            return {WiringRecipe::icn_switch, cards, {}};
        default: {
            const auto mesh = static_cast<int>(random.integer(2, 4));
            const auto ring = static_cast<int>(random.integer(3, 4));
            cards = mesh * ring;
            return {
                WiringRecipe::product, cards, {{WiringRecipe::full_mesh, mesh, {}}, {WiringRecipe::ring, ring, {}}}};
        }
    }
}

void give_fabric(RandomStream& random, ClusterConfig& cluster) {
    cluster.servers = static_cast<int>(random.integer(2, 4));
    ServerConfig& server = cluster.server;
    server.nics = {random.chance(0.5) ? 2 : 1, random.chance(0.5) ? 2 : 1,
                   BytesPerSecond{random.integer(20, 60) * 999'999'937}, ns(random.integer(100, 900))};
    FabricConfig& fabric = cluster.fabric;
    fabric.link_latency = ns(random.integer(50, 700));
    fabric.switch_latency = ns(random.integer(0, 400));
    fabric.uplink = BytesPerSecond{random.integer(20, 90) * 1'000'000'007};
    switch (random.below(3)) {
        case 0:
            fabric.recipe = FabricRecipe::one_switch;
            break;
        case 1:
            fabric.recipe = FabricRecipe::clos2;
            fabric.leaf_down = static_cast<int>(random.integer(1, 3));
            fabric.spines = static_cast<int>(random.integer(1, 3));
            break;
        default:
            fabric.recipe = FabricRecipe::hpn7;
            server.nics.ports = 2;
            fabric.rails = server.nics.count;
            fabric.hosts_per_segment = 2;
            fabric.aggs_per_plane = static_cast<int>(random.integer(1, 3));
            fabric.max_segments = 2;
    }
}

ClusterConfig random_cluster(RandomStream& random) {
    int cards = 0;
    WiringConfig wiring = random_wiring(random, cards);
    ClusterConfig cluster = reference::one_server(reference::ppu_server(cards, std::move(wiring)));
    cluster.server.links = {8, BytesPerSecond{random.integer(10, 60) * 999'999'893}, 1.0, ns(random.integer(10, 900))};
    cluster.routing_seed = random.bits();
    if (random.chance(0.6)) {
        give_fabric(random, cluster);
    }
    return cluster;
}

struct Posted {
    CardId from{};
    CardId to{};
    Bytes size;
    Picoseconds ideal{};   // alone on the network, shares of a message side by side
    bool disjoint = true;  // no two of its routes share a link
};

// Adds what the message puts on each link to `load`.
Posted expectation(const Topology& topology, Router& router, CardId from, CardId to, Bytes size,
                   std::map<DirectedEdge, std::int64_t>& load) {
    Posted posted{from, to, size};
    const RouteSet routes = router.between(from, to);
    const auto count = static_cast<std::int64_t>(routes.size());
    std::set<DirectedEdge> seen;
    for (std::int64_t r = 0; r < count; ++r) {
        const std::int64_t share = (r + 1) * size.count() / count - r * size.count() / count;
        if (share == 0 && !(size.count() == 0 && r == 0)) {
            continue;
        }
        const Route route = routes[static_cast<std::size_t>(r)];
        const Picoseconds time = path_latency(topology, from, route) +
                                 transfer_time_ceil(Bytes{share}, path_bandwidth(topology, from, route));
        posted.ideal = std::max(posted.ideal, time);
        for (const DirectedEdge way : edges_of(topology, from, route)) {
            load[way] += share;
            posted.disjoint = seen.insert(way).second && posted.disjoint;
        }
    }
    return posted;
}

std::string name_of_message(const Posted& p) {
    return fmt::format("{} B from card {} to card {}", p.size.count(), index(p.from), index(p.to));
}

// Rounding of the links on the way, none of which has more than eight.
constexpr Picoseconds kRounding = ps(16);

// Empty, or what was wrong.
std::string check_case(std::uint64_t seed) {
    RandomStream random(seed, "random messages");
    const ClusterConfig cluster = random_cluster(random);
    const Bytes cell{std::int64_t{1} << random.integer(10, 21)};
    PacketSystem system(cluster, reference::round_chip(), {cell});
    system.elaborate();
    const Topology& topology = system.topology();
    const auto router = make_router(topology, routing_of(cluster));
    const std::size_t cards = topology.cards.size();
    std::map<DirectedEdge, std::int64_t> load;
    const auto pick = [&](std::int64_t size) {
        const auto from = static_cast<std::uint32_t>(random.below(cards));
        const auto to = static_cast<std::uint32_t>((from + 1 + random.below(cards - 1)) % cards);
        return expectation(topology, *router, CardId{from}, CardId{to}, Bytes{size}, load);
    };
    // Alone: exact where routes share nothing; and a longer message is never faster.
    for (int i = 0; i < 8; ++i) {
        Posted small = pick(random.integer(0, 3'000'000));
        const Picoseconds time = message_time(system, small.from, small.to, small.size);
        if (time < small.ideal || (small.disjoint && time > small.ideal + kRounding)) {
            return fmt::format("{} alone took {} ps, ideal {} ps", name_of_message(small), time.count(),
                               small.ideal.count());
        }
        const Bytes more = small.size + Bytes{random.integer(1, 100'000)};
        const Posted large = expectation(topology, *router, small.from, small.to, more, load);
        const Picoseconds longer = message_time(system, large.from, large.to, large.size);
        if (longer < time) {
            return fmt::format("{} took {} ps, {} B less {} ps", name_of_message(large), longer.count(),
                               (more - small.size).count(), time.count());
        }
    }
    // Together: never faster than alone, every link carries exactly the shares that its routes give it.
    std::vector<Posted> posted;
    Finishes finishes(system);
    const TimePoint start = system.agenda().now();
    for (int i = 0; i < 60; ++i) {
        posted.push_back(pick(random.integer(0, 1'000'000)));
        const Posted& p = posted.back();
        system.network().send(p.from, p.to, p.size, 0, finishes.expect());
        system.network().receive(p.to, p.from, 0, {});
    }
    system.run();
    for (std::size_t i = 0; i < posted.size(); ++i) {
        if (finishes.at[i] - start < posted[i].ideal) {
            return fmt::format("{} among others took {} ps, ideal {} ps", name_of_message(posted[i]),
                               (finishes.at[i] - start).count(), posted[i].ideal.count());
        }
    }
    for (const LinkUse& use : system.link_use()) {
        if (load[use.way] != use.bytes.count()) {
            return fmt::format("link {}/{} carried {} B, its messages have {} B", index(use.way.edge),
                               use.way.direction, use.bytes.count(), load[use.way]);
        }
        load.erase(use.way);
    }
    std::erase_if(load, [](const auto& entry) { return entry.second == 0; });
    if (!load.empty() || !finishes.all()) {
        return "a message is missing";
    }
    std::vector<std::string> held;
    system.check_laws(held);  // capacity, conservation, empty queues and pools
    return {};
}

}  // namespace

TEST_CASE("random messages on random clusters keep the laws") {
    constexpr std::uint64_t kSeeds = 150;
    const auto results = run_children(kSeeds, [](std::size_t seed) { return check_case(seed); });
    for (const ChildResult& result : results) {
        INFO("seed " << result.job);
        CAPTURE(result.reason, result.output, result.payload);
        CHECK(result.succeeded());
        CHECK(result.payload.empty());
    }
}
