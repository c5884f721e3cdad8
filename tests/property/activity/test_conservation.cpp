// What a watch of links tells, under random messages at random times: buckets add up to what links were busy, no link is busy
// for longer than a bucket, the run is what it is without a watch, and at packet level each bucket is what an observer of every
// single packet has seen. A seed names a case; each runs in a child process.

#include "app/activity/link_watch.h"
#include "sim/process/children.h"
#include "sim/random/random_stream.h"
#include "tests/support/systems.h"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <cstdlib>
#include <map>

using namespace myriad;
using namespace myriad::test;

namespace {

ClusterConfig cluster_of(RandomStream& random) {
    ClusterConfig cluster;
    cluster.name = "random";
    cluster.servers = static_cast<int>(random.integer(1, 3));
    cluster.server = reference::ppu_server(4, {WiringRecipe::full_mesh, 4, {}});
    cluster.server.links = {3, BytesPerSecond{random.integer(20, 60) * 999'999'937}, 1.0, ns(200)};
    cluster.server.nics = {2, 1, BytesPerSecond{25'000'000'000}, ns(300)};
    cluster.fabric.link_latency = ns(300);
    cluster.fabric.switch_latency = ns(100);
    cluster.fabric.name = "switch";
    cluster.fabric.recipe = FabricRecipe::one_switch;
    return cluster;
}

// Every packet of a direction, one by one.
struct Seen final : LinkObserver {
    std::vector<std::pair<TimePoint, TimePoint>> times;
    void on_transmission(Packet& /*packet*/, const Transmission& transmission) override {
        times.emplace_back(transmission.start, transmission.end);
    }
    [[nodiscard]] Picoseconds busy_within(TimePoint from, TimePoint to) const {
        Picoseconds sum{0};
        for (const auto& [start, end] : times) {
            sum += std::max(std::min(end, to) - std::max(start, from), Picoseconds{0});
        }
        return sum;
    }
};

// Rounds of messages, each posted when those before have arrived.
template <class System>
void send(System& system, RandomStream& random) {
    const auto cards = static_cast<std::int64_t>(system.topology().cards.size());
    for (int round = 0; round < 4; ++round) {
        Finishes finishes(system);
        for (int message = 0; message < 12; ++message) {
            const auto from = static_cast<int>(random.integer(0, cards - 1));
            const auto to = static_cast<int>((from + random.integer(1, cards - 1)) % cards);
            system.copy({card(from), card(to), Bytes{random.integer(1, 3'000'000)}}, finishes.expect());
        }
        system.run();
    }
}

std::string wrong_sums(Platform& platform, const LinksOverTime& told) {
    std::map<std::string, std::int64_t> busy;
    for (const LinkUse& use : platform.link_use()) {
        busy[class_of(platform.topology(), use.way.edge).name] += use.busy.count();
    }
    for (const ClassSeries& series : told.classes) {
        std::int64_t sum = 0;
        for (const Picoseconds time : series.busy) {
            sum += time.count();
            // Two picoseconds a link: counters are rounded up.
            if (time.count() < -2 * series.links || time > (told.bucket + Picoseconds{2}) * series.links) {
                return fmt::format("{}: a bucket with {} ps", series.name, time.count());
            }
        }
        if (sum != busy[series.name]) {
            return fmt::format("{}: {} ps in buckets, {} ps of links", series.name, sum, busy[series.name]);
        }
    }
    return told.classes.empty() ? "no classes" : "";
}

std::string at_packet_level(std::uint64_t seed) {
    RandomStream random(seed, "activity");
    const ClusterConfig cluster = cluster_of(random);
    PacketSystem system(cluster, reference::round_chip(), PacketSystemOptions{Bytes{random.integer(4, 64) << 10}});
    std::vector<Seen> seen(2 * system.topology().edges.size());
    for (std::uint32_t link = 0; link < seen.size(); ++link) {
        system.fabric().link(EdgeId{link / 2}).direction(static_cast<int>(link % 2)).observe(seen[link]);
    }
    system.elaborate();
    LinkWatch watch(system, Picoseconds{random.integer(0, 1) * 100'000'000});
    send(system, random);
    const std::optional<LinksOverTime> told = watch.finish();
    if (!told) {
        return "nothing told";
    }
    if (std::string wrong = wrong_sums(system, *told); !wrong.empty()) {
        return wrong;
    }
    const TimePoint end = system.agenda().now();
    for (const ClassSeries& series : told->classes) {
        for (std::size_t b = 0; b < series.busy.size(); ++b) {
            const TimePoint from{told->bucket * static_cast<std::int64_t>(b)};
            Picoseconds expected{0};
            std::int64_t packets = 0;
            for (std::uint32_t link = 0; link < seen.size(); ++link) {
                if (class_of(system.topology(), EdgeId{link / 2}).name == series.name) {
                    expected += seen[link].busy_within(from, std::min(from + told->bucket, end));
                    packets += static_cast<std::int64_t>(seen[link].times.size());
                }
            }
            // Ends of packets are told in whole picoseconds.
            if (std::abs((series.busy[b] - expected).count()) > 2 * packets + 2 * series.links) {
                return fmt::format("{}, bucket {}: {} ps told, {} ps seen", series.name, b, series.busy[b].count(),
                                   expected.count());
            }
        }
    }
    return "";
}

std::string at_flow_level(std::uint64_t seed) {
    RandomStream random(seed, "activity");
    const ClusterConfig cluster = cluster_of(random);
    RandomStream again = random;
    FlowSystem watched(cluster, reference::round_chip(), false);
    LinkWatch watch(watched, Picoseconds{0});
    send(watched, random);
    const std::optional<LinksOverTime> told = watch.finish();
    FlowSystem plain(cluster, reference::round_chip(), false);
    send(plain, again);
    if (plain.agenda().now() != watched.agenda().now() || plain.agenda().delivered() != watched.agenda().delivered()) {
        return "a watch changes the run";
    }
    return told ? wrong_sums(watched, *told) : "nothing told";
}

void check(std::string (*run)(std::uint64_t), std::uint64_t seeds) {
    const auto children = run_children(seeds, [&](std::size_t seed) { return run(seed + 1); });
    for (std::size_t seed = 0; seed < children.size(); ++seed) {
        CAPTURE(seed + 1, children[seed].reason, children[seed].output);
        REQUIRE(children[seed].succeeded());
        CHECK(children[seed].payload == "");
    }
}

}  // namespace

TEST_CASE("at packet level buckets hold what every packet adds to them") { check(at_packet_level, 12); }

TEST_CASE("at flow level buckets add up, and a watch changes nothing") { check(at_flow_level, 12); }

TEST_CASE("two messages, one after the other, are busy when they are on the link") {
    // Two cards, one link of 40 GB/s: 4 MB take 100 us. The second is posted when the first has arrived, 200 ns after it has
    // left: the link is busy from 0 to 100 us and from 100.2 to 200.2 us; the run ends with the arrival at 200.4 us.
    FlowSystem system(icn_server(WiringRecipe::full_mesh, 2, BytesPerSecond{40'000'000'000}, ns(200)),
                      reference::round_chip(), false);
    LinkWatch watch(system, us(150));  // buckets of 1 us; a pause of 100 us takes at most 32: of 4 us
    for (int message = 0; message < 2; ++message) {
        Finishes finishes(system);
        system.copy({card(0), card(1), Bytes{4'000'000}}, finishes.expect());
        system.run();
    }
    const std::optional<LinksOverTime> told = watch.finish();
    REQUIRE(told);
    const ClassSeries& icn = told->classes.front();
    REQUIRE(icn.name == "icn");
    REQUIRE(told->bucket == us(4));
    REQUIRE(icn.busy.size() == 51);
    CHECK(icn.busy[0] == us(4));
    CHECK(icn.mean[0] == Approx(0.5));       // of two directions
    CHECK(icn.busy[25] == us(4) - ns(200));  // 100 to 104 us
    CHECK(icn.busy[50] == ns(200));          // 200 to 200.4 us
    CHECK(icn.most[50] == Approx(0.5).margin(1e-4));
    REQUIRE(told->busiest.size() == 1);
    CHECK(told->busiest[0].use[25] == Approx(0.95).margin(1e-4));
}
