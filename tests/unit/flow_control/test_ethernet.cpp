// Pauses and marks on Ethernet: nothing is lost, the bottleneck stays busy, and who is not at fault suffers.

#include "sim/error/error.h"
#include "sim/process/children.h"
#include "tests/support/flow_rig.h"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace myriad;
using namespace myriad::test;
using Catch::Matchers::Contains;

namespace {

constexpr BytesPerSecond kRate{50'000'000'000};  // 20 ps a byte
constexpr Bytes kCell{4096};
constexpr std::int64_t kCellTime = 81'920;
constexpr std::int64_t kHop = 500'000;

// A small switch, so that pauses come soon.
QueueingConfig pausing() {
    QueueingConfig queueing;
    queueing.arbitration = Arbitration::round_robin;
    queueing.control.modelled = true;
    EthernetControl ethernet;
    ethernet.pause.shared = Bytes{262'144};
    ethernet.pause.alpha = 0.5;
    ethernet.pause.headroom = Bytes{131'072};
    queueing.control.ethernet = ethernet;
    return queueing;
}

QueueingConfig unbounded() {
    QueueingConfig queueing;
    queueing.arbitration = Arbitration::round_robin;
    return queueing;
}

// Cards 0 and 1 at a first switch, 2 to 6 at a second; 0 sends to 5, as 2, 3 and 4 do; 1 sends to 6, which is idle.
std::string victim(const QueueingConfig& queueing) {
    Drawing drawing("victim");
    for (int c = 0; c < 7; ++c) {
        drawing.node(NodeKind::card, "card" + std::to_string(c));
    }
    const std::uint32_t first = drawing.node(NodeKind::ethernet_switch, "first");
    const std::uint32_t second = drawing.node(NodeKind::ethernet_switch, "second");
    for (std::uint32_t c = 0; c < 7; ++c) {
        drawing.link(c, c < 2 ? first : second, kRate, ns(500));
    }
    drawing.link(first, second, kRate, ns(500));
    FlowRig rig(drawing.topology(), kCell, queueing);
    for (const int from : {0, 2, 3, 4}) {
        rig.post(from, 5, 1'000 * 4096, static_cast<std::uint64_t>(from));
    }
    rig.post(1, 6, 500 * 4096, 1);
    rig.run();
    return rig.broken_law() + std::to_string(rig.end(1).count());
}

}  // namespace

TEST_CASE("an incast under pauses loses nothing and keeps the sink's link busy") {
    FlowRig rig(star(4, kRate, ns(500), NodeKind::ethernet_switch), kCell, pausing());
    for (int from = 1; from < 4; ++from) {
        rig.post(from, 0, 400 * 4096, static_cast<std::uint64_t>(from));
    }
    rig.run();
    CHECK(rig.broken_law().empty());
    // The switch holds more than what a pause costs a sender, so the sink's link never runs dry: 1,200 cells.
    CHECK(rig.last_end().count() == 1'200 * kCellTime + 2 * kHop);
    for (std::uint64_t from = 1; from < 4; ++from) {
        CHECK(rig.end(from).count() > 1'190 * kCellTime);
    }
    const SharedBuffer& buffer = *rig.fabric->shared_buffer(NodeId{0});
    std::int64_t pauses = 0;
    for (std::uint32_t c = 1; c < 4; ++c) {
        const LinkControlStats& stats = rig.direction(c + 1, 0).control()->stats();
        pauses += stats.pauses;
        CHECK((stats.pauses == 0 || stats.paused.count() > 0));
    }
    CHECK(pauses >= 3);
    // Three inputs at alpha = 1/2 hold at most 1.5 / 2.5 of the memory, and a cell each.
    CHECK(buffer.used_max() <= 262'144 * 3 / 5 + 3 * 4096);
    CHECK(buffer.used_max() > 100'000);
    CHECK(buffer.used() == 0);
}

TEST_CASE("pauses spread: a flow to an idle card suffers from those to a busy one") {
    const auto results = run_children(2, [](std::size_t job) { return victim(job == 0 ? unbounded() : pausing()); });
    REQUIRE(results[0].succeeded());
    REQUIRE(results[1].succeeded());
    const auto free = static_cast<double>(std::stoll(results[0].payload));
    const auto paused = static_cast<double>(std::stoll(results[1].payload));
    // Without bounds the victim alternates with card 0 between the switches: 500 cells in 1,000 cell times. Paused, that
    // link carries a quarter of a link for card 5 and, turn by turn, the same for the victim: towards 2,000.
    CHECK(free == Approx(1'000 * kCellTime + 3 * kHop).epsilon(0.01));
    CHECK(paused > 1.5 * free);
    CHECK(paused < 2.1 * free);
}

TEST_CASE("marks come from the queue's length and are the same for the same seed") {
    const auto marks = [](std::uint64_t seed, std::int64_t low) {
        QueueingConfig queueing = pausing();
        queueing.control.seed = seed;
        queueing.control.ethernet->mark = {Bytes{low}, Bytes{low + 100'000}, 0.5};
        FlowRig rig(star(4, kRate, ns(500), NodeKind::ethernet_switch), kCell, queueing);
        for (int from = 1; from < 4; ++from) {
            rig.post(from, 0, 400 * 4096, static_cast<std::uint64_t>(from));
        }
        rig.run();
        return fmt::format("{}", rig.direction(0, 1).control()->stats().marks);
    };
    const auto results = run_children(4, [&](std::size_t job) {
        return job == 0   ? marks(1, 20'000)
               : job == 1 ? marks(1, 20'000)
               : job == 2 ? marks(2, 20'000)
                          : marks(1, 1'000'000);
    });
    for (const ChildResult& result : results) {
        REQUIRE(result.succeeded());
    }
    CHECK(results[0].payload == results[1].payload);
    CHECK(results[0].payload != results[2].payload);
    CHECK(std::stoi(results[0].payload) > 100);
    CHECK(std::stoi(results[0].payload) < 1'200);
    CHECK(results[3].payload == "0");  // the queue never gets there
}

TEST_CASE("a headroom that cannot hold what is in flight is an error that says how much can be") {
    QueueingConfig queueing = pausing();
    // 50 GB/s over 1 us there and back and 500 ns of reaction, and two cells.
    queueing.control.ethernet->pause.headroom = Bytes{75'000 + 2 * 4096 - 1};
    CHECK_THROWS_WITH(FlowRig(star(2, kRate, ns(500), NodeKind::ethernet_switch), kCell, queueing),
                      Contains("83192 B can come in"));
}
