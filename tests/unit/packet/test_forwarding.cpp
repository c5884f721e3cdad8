// Whole systems in small: forwarding by switches, relaying by cards, counters of DMA and HBM.

#include "tests/support/systems.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;

namespace {

constexpr BytesPerSecond kRate{50'000'000'000};  // 20 ps a byte

}  // namespace

TEST_CASE("a switch passes packets on and adds its latency") {
    PacketSystem system(icn_server(WiringRecipe::icn_switch, 3, kRate, ns(500)), reference::round_chip(),
                        {Bytes{4096}});
    system.elaborate();
    // 10,000 B: 200 ns, two links of 500 ns and 100 ns in the switch. Three cells, two hops each.
    CHECK(message_time(system, card(0), card(1), Bytes{10'000}) == ns(200 + 1000 + 100));
    CHECK(system.counters().hops == 6);
    CHECK(system.card(card(0)).hbm.stats().read == Bytes{10'000});
    CHECK(system.card(card(0)).hbm.stats().written == Bytes{0});
    CHECK(system.card(card(1)).hbm.stats().written == Bytes{10'000});
    CHECK(system.card(card(2)).hbm.stats().written == Bytes{0});
}

TEST_CASE("two senders to one receiver share its link, and the wait is kept") {
    PacketSystem system(icn_server(WiringRecipe::icn_switch, 3, kRate, ns(500)), reference::round_chip(),
                        {Bytes{4096}});
    system.elaborate();
    const Bytes size{100 * 4096};
    Finishes finishes(system);
    for (const int from : {0, 1}) {
        system.network().send(card(from), card(2), size, 7, finishes.expect());
        system.network().receive(card(2), card(from), 7, finishes.expect());
    }
    system.run();
    REQUIRE(finishes.all());
    // 200 cells of 81.92 ns over the receiver's link, and the path's latency.
    CHECK(finishes.last() == TimePoint{ps(200 * 81'920) + ns(1100)});
    // Of 200 cells that come in 100 cell times, the last waits for the 99 to 100 that are still there.
    Picoseconds longest{};
    for (const LinkUse& use : system.link_use()) {
        longest = std::max(longest, use.backlog_max);
    }
    CHECK(longest >= ps(99 * 81'920));
    CHECK(longest <= ps(100 * 81'920));
}

TEST_CASE("a message is spread over both shortest paths of a two-hop pair") {
    // K4 x K4: cards 0 and 5 differ in row and column: two paths of two links, each carries half.
    PacketSystem system(reference::one_server(reference::ppu_16()), reference::round_chip(), {Bytes{4096}});
    system.elaborate();
    const std::int64_t size = 2'000'001;  // one path gets a byte more
    CHECK(message_time(system, card(0), card(5), Bytes{size}) == ps(20 * 1'000'001) + ns(1000));
    CHECK(system.card(card(1)).ports.packets_forwarded() == 245);  // ceil(1,000,000 / 4,096) or one more byte: same
    CHECK(system.card(card(4)).ports.packets_forwarded() == 245);
    CHECK(system.card(card(1)).hbm.stats().written == Bytes{0});  // relaying does not touch memory
    std::vector<std::string> held;
    CHECK_NOTHROW(system.check_laws(held));
}

TEST_CASE("a message between servers takes the sum of latencies and the narrowest link") {
    // Four servers in HPN segments of two: servers 0 and 3 meet in the aggregation tier. Card 0: PCIe 64 GB/s, 2 ports
    // of 25 GB/s, ToR to aggregation 50 GB/s. Half the message over each plane: 40 ps a byte of it.
    ClusterConfig cluster = reference::ppu_cluster(4);
    cluster.fabric.hosts_per_segment = 2;
    PacketSystem system(cluster, reference::round_chip(), {Bytes{std::int64_t{1} << 20}});
    system.elaborate();
    const std::int64_t half = 32 << 20;
    // Latencies (reference_clusters.h): PCIe 150; PCIe and into the NIC 150 + 500; four fabric links of 500, the last
    // of them into a NIC (+ 500); PCIe 150 twice.
    const std::int64_t latency = 150 + 650 + 4 * 500 + 500 + 2 * 150;
    const Picoseconds time = message_time(system, card(0), card(48), Bytes{2 * half});
    // The two planes share the PCIe link, cell by cell: the second plane's first cell of 1 MiB waits for the first's.
    const Picoseconds cell = transfer_time_ceil(Bytes{1 << 20}, BytesPerSecond{64'000'000'000});
    CHECK(time >= ps(40 * half) + ns(latency));
    CHECK(time <= ps(40 * half) + ns(latency) + cell);
}
