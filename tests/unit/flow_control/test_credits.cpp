// Credits on links: closed forms, equality with unbounded links where buffers are large, deadlock when it is asked for.

#include "sim/process/children.h"
#include "sim/random/random_stream.h"
#include "tests/support/flow_rig.h"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace myriad;
using namespace myriad::test;
using Catch::Matchers::Contains;

namespace {

constexpr BytesPerSecond kRate{50'000'000'000};  // 20 ps a byte
constexpr Bytes kCell{4096};                     // 81,920 ps on the wire
constexpr std::int64_t kCellTime = 81'920;
constexpr std::int64_t kHop = 500'000;

// When each message of a random set ends, and what is broken afterwards.
std::string random_ends(const Topology& topology, const QueueingConfig& queueing, std::uint64_t seed) {
    FlowRig rig(topology, kCell, queueing);
    RandomStream random(seed, "random messages");
    const auto cards = static_cast<std::int64_t>(topology.cards.size());
    for (std::uint64_t m = 0; m < 60; ++m) {
        const auto from = static_cast<int>(random.integer(0, cards - 1));
        const auto to = static_cast<int>((from + random.integer(1, cards - 1)) % cards);
        rig.post(from, to, random.integer(0, 60'000), m);
    }
    rig.run();
    std::string text = rig.broken_law() + "\n";
    for (const auto& [tag, time] : rig.ends) {
        text += fmt::format("{} {}\n", tag, time.count());
    }
    return text;
}

}  // namespace

TEST_CASE("one flow carries a buffer's worth of cells a round trip") {
    // Four cells of room: cell 4q + r starts at q (2 L + x) + r x on the first link, since the room of the cell four before
    // it comes back L after its tail has left the switch, which it began L after it was sent. The second link does the
    // same L later. Of 100 cells the last is 4 x 24 + 3: 24 x 1,081,920 + 4 x 81,920 + 2 x 500,000.
    FlowRig rig(star(2, kRate, ns(500)), kCell, credits(1, 4 * 4096));
    rig.post(0, 1, 100 * 4096, 1);
    rig.run();
    CHECK(rig.end(1).count() == 24 * (2 * kHop + kCellTime) + 4 * kCellTime + 2 * kHop);
    CHECK(rig.broken_law().empty());
    // Each burst of four but the first found the link idle and no credit, for 2 L + x - 4 x.
    const LinkControlStats& stats = rig.direction(1, 0).control()->stats();
    CHECK(stats.credit_stalls == 24);
    CHECK(stats.credit_stalled.count() == 24 * (2 * kHop - 3 * kCellTime));
    CHECK(rig.direction(1, 0).control()->credit(0).claimed_max() == 4 * 4096);
}

TEST_CASE("a buffer of a round trip carries the whole bandwidth") {
    // ceil((2 L + x) / x) = 14 cells: 14 x 81,920 = 1,146,880 > 1,081,920. One byte less holds 13 only.
    FlowRig rig(star(2, kRate, ns(500)), kCell, credits(1, 14 * 4096));
    rig.post(0, 1, 100 * 4096, 1);
    rig.run();
    CHECK(rig.end(1).count() == 100 * kCellTime + 2 * kHop);
    CHECK(rig.direction(1, 0).control()->stats().credit_stalls == 0);
}

TEST_CASE("a byte less than a round trip stalls") {
    FlowRig rig(star(2, kRate, ns(500)), kCell, credits(1, 14 * 4096 - 1));
    rig.post(0, 1, 100 * 4096, 1);
    rig.run();
    // 13 cells a round trip: cell 99 = 7 x 13 + 8 starts at 7 (2 L + x) + 8 x.
    CHECK(rig.end(1).count() == 7 * (2 * kHop + kCellTime) + 9 * kCellTime + 2 * kHop);
}

TEST_CASE("an uncontended path takes the same time with credits and without, over links of any speeds") {
    // Rates that do not divide, a slow link in front of fast ones, a cell that is not full.
    const auto ends = [](bool bounded) {
        Drawing line("line");
        const BytesPerSecond rates[] = {BytesPerSecond{7'000'000'001}, BytesPerSecond{50'000'000'000},
                                        BytesPerSecond{3'333'333'333}, BytesPerSecond{12'345'678'901}};
        line.node(NodeKind::card, "card0");
        for (std::uint32_t s = 1; s < 4; ++s) {
            line.node(NodeKind::icn_switch, "switch" + std::to_string(s));
            line.link(s - 1, s, rates[s - 1], ns(100 * s));
        }
        line.node(NodeKind::card, "card1");
        line.link(3, 4, rates[3], ns(777));
        FlowRig rig(line.topology(), kCell,
                    bounded ? credits(2, 1 << 20, Arbitration::per_flow_fair) : QueueingConfig{});
        rig.post(0, 1, 123'457, 1);
        rig.run();
        return fmt::format("{}{}", rig.end(1).count(), rig.broken_law());
    };
    const auto results = run_children(2, [&](std::size_t job) { return ends(job == 1); });
    REQUIRE(results[0].succeeded());
    REQUIRE(results[1].succeeded());
    CHECK(results[0].payload == results[1].payload);
    CHECK(results[0].payload.size() > 6);
}

TEST_CASE("large buffers and first come first served: every message ends when it does without bounds") {
    // Sixty messages at once on a star, where each goes through the switch: the queues before the links are long.
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        const auto results = run_children(2, [&](std::size_t job) {
            return random_ends(star(6, kRate, ns(500)),
                               job == 0 ? QueueingConfig{} : credits(1, std::int64_t{1} << 40, Arbitration::fifo),
                               seed);
        });
        CAPTURE(seed, results[0].output, results[1].output);
        REQUIRE(results[0].succeeded());
        REQUIRE(results[1].succeeded());
        CHECK(results[0].payload.size() > 500);
        CHECK(results[0].payload == results[1].payload);
    }
}

TEST_CASE("cards that pass others' packets on deliver everything on a torus with the channels it needs") {
    const auto results = run_children(4, [&](std::size_t seed) {
        // Two cells of room a channel: every buffer is full most of the time.
        return random_ends(torus({4, 4}, kRate, ns(500)),
                           credits(8, 2 * 4096, seed % 2 == 0 ? Arbitration::round_robin : Arbitration::per_flow_fair),
                           seed);
    });
    for (std::size_t seed = 0; seed < results.size(); ++seed) {
        CAPTURE(seed, results[seed].output);
        REQUIRE(results[seed].succeeded());
        CHECK(results[seed].payload.front() == '\n');  // no law broken
        CHECK(std::count(results[seed].payload.begin(), results[seed].payload.end(), '\n') == 61);
    }
}

TEST_CASE("a ring without a dateline stops and the law names the circle") {
    // Every card sends two hops on, all at once: each link's buffer fills with packets that wait for the next link.
    FlowRig rig(torus({5}, kRate, ns(500)), kCell, credits(1, 2 * 4096));
    for (int c = 0; c < 5; ++c) {
        rig.post(c, (c + 2) % 5, 1 << 20, static_cast<std::uint64_t>(c));
    }
    rig.run();
    CHECK(rig.ends.empty());
    const std::vector<std::string> circle = waiting_circle(*rig.fabric);
    CHECK(circle.size() == 5);
    CHECK_THAT(rig.broken_law(), Contains("packets move on"));
    CHECK_THAT(rig.broken_law(), Contains("link_0 forward"));
}

TEST_CASE("the same ring with its dateline delivers everything") {
    FlowRig rig(torus({5}, kRate, ns(500)), kCell, credits(2, 2 * 4096));
    for (int c = 0; c < 5; ++c) {
        rig.post(c, (c + 2) % 5, 1 << 20, static_cast<std::uint64_t>(c));
    }
    rig.run();
    CHECK(rig.ends.size() == 5);
    CHECK(rig.broken_law().empty());
}
