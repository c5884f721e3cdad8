// Random wirings, buffers, turns and messages: whatever they are, everything arrives, no law breaks, and nothing is faster
// than its path or than the links allow. A seed names a case; each runs in a child process.

#include "interconnect/packet/channel_dependency.h"
#include "interconnect/routing/path.h"
#include "sim/process/children.h"
#include "sim/random/random_stream.h"
#include "tests/support/flow_rig.h"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace myriad;
using namespace myriad::test;

namespace {

constexpr std::int64_t kCell = 4096;

BytesPerSecond random_rate(RandomStream& random) {
    return BytesPerSecond{random.integer(5'000'000'000, 60'000'000'000)};
}

// Cards at leaves, leaves to all spines, links of different speeds: chip switches or Ethernet.
Topology random_clos(RandomStream& random, NodeKind kind) {
    Drawing drawing("clos");
    const auto leaves = static_cast<std::uint32_t>(random.integer(2, 3));
    const auto spines = static_cast<std::uint32_t>(random.integer(1, 3));
    const BytesPerSecond up = random_rate(random);
    for (std::uint32_t s = 0; s < leaves + spines; ++s) {
        drawing.node(kind, "switch" + std::to_string(s));
    }
    for (std::uint32_t leaf = 0; leaf < leaves; ++leaf) {
        for (std::uint32_t spine = 0; spine < spines; ++spine) {
            drawing.link(leaf, leaves + spine, up, ns(300));
        }
        for (int c = 0; c < 3; ++c) {
            const std::uint32_t card = drawing.node(NodeKind::card, fmt::format("card{}.{}", leaf, c));
            drawing.link(card, leaf, random_rate(random), ns(random.integer(50, 700)));
        }
    }
    return drawing.topology();
}

Topology random_topology(RandomStream& random) {
    switch (random.below(4)) {
        case 0:
            return random_clos(random, NodeKind::icn_switch);
        case 1:
            return random_clos(random, NodeKind::ethernet_switch);
        case 2:
            return torus({static_cast<int>(random.integer(3, 7))}, random_rate(random), ns(400));
        default:
            return torus({static_cast<int>(random.integer(2, 5)), static_cast<int>(random.integer(2, 4))},
                         random_rate(random), ns(400));
    }
}

QueueingConfig random_queueing(RandomStream& random) {
    constexpr Arbitration kRules[] = {Arbitration::fifo, Arbitration::round_robin, Arbitration::per_flow_fair};
    QueueingConfig queueing = credits(0, random.integer(1, 20) * kCell + random.integer(0, 100),
                                      kRules[static_cast<std::size_t>(random.below(3))]);
    queueing.control.queues = random.below(2) == 0 ? InputQueues::per_output : InputQueues::one;
    queueing.control.icn.errors = {random.below(2) == 0 ? 0.0 : 1e-6, ns(random.integer(0, 200))};
    EthernetControl ethernet;
    ethernet.pause.shared = Bytes{random.integer(60'000, 1'000'000)};
    ethernet.pause.alpha = random.real(0.1, 2.0);
    ethernet.pause.headroom = Bytes{140'000};  // 60 GB/s x (1.4 us + 500 ns) and two cells
    ethernet.pause.resume_below = Bytes{random.integer(0, 20'000)};
    ethernet.mark = {Bytes{10'000}, Bytes{50'000}, 0.3};
    queueing.control.ethernet = ethernet;
    queueing.control.seed = random.bits();
    return queueing;
}

// What is wrong with the case; nothing: all holds.
std::string check_case(std::uint64_t seed) {
    RandomStream random(seed, "bounded buffers");
    const Topology topology = random_topology(random);
    QueueingConfig queueing = random_queueing(random);
    const auto router = make_router(topology, {});
    settle_channels(queueing.control, topology, *router, true);
    FlowRig rig(topology, Bytes{kCell}, queueing);
    const auto cards = static_cast<std::int64_t>(topology.cards.size());
    std::map<std::pair<std::uint32_t, int>, std::int64_t> load;
    std::vector<Picoseconds> alone;
    for (std::uint64_t m = 0; m < 80; ++m) {
        const auto from = static_cast<int>(random.integer(0, cards - 1));
        const auto to = static_cast<int>((from + random.integer(1, cards - 1)) % cards);
        const std::int64_t size = random.integer(1, 200'000);
        rig.post(from, to, size, m);
        // Spread over n routes the longest part has at least size / n bytes.
        const CardId source{static_cast<std::uint32_t>(from)};
        const RouteSet routes = router->between(source, CardId{static_cast<std::uint32_t>(to)});
        const std::int64_t part = size / static_cast<std::int64_t>(routes.size());
        Picoseconds least = Picoseconds::max();
        for (const Route route : routes) {
            least = std::min(
                least, path_latency(topology, source, route) +
                           Picoseconds{static_cast<std::int64_t>(static_cast<Int128>(part) * kPicosecondsPerSecond /
                                                                 path_bandwidth(topology, source, route).count())});
            for (const DirectedEdge way : edges_of(topology, source, route)) {
                load[{index(way.edge), way.direction}] += part;
            }
        }
        alone.push_back(least);
    }
    rig.run();
    std::string wrong = rig.broken_law();
    for (std::uint64_t m = 0; m < alone.size(); ++m) {
        if (rig.end(m) < alone[m]) {
            wrong += fmt::format("message {} took {} ps, alone {} ps\n", m, rig.end(m).count(), alone[m].count());
        }
    }
    for (const auto& [way, bytes] : load) {
        const BytesPerSecond rate = class_of(topology, EdgeId{way.first}).bandwidth;
        if (rig.last_end() < transfer_time_ceil(Bytes{bytes}, rate)) {
            wrong += fmt::format("link {} carried more than it can\n", way.first);
        }
    }
    return wrong;
}

}  // namespace

TEST_CASE("bounded buffers deliver everything within the laws, whatever the wiring and the turns") {
    constexpr std::uint64_t kCases = 40;
    const auto results = run_children(kCases, [](std::size_t seed) { return check_case(seed); });
    for (std::size_t seed = 0; seed < results.size(); ++seed) {
        CAPTURE(seed, results[seed].reason, results[seed].output);
        REQUIRE(results[seed].succeeded());
        CHECK(results[seed].payload.empty());
    }
}
