// The arithmetic of one link direction, without the kernel.

#include "interconnect/packet/link_model.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

constexpr TimePoint at(std::int64_t picoseconds) { return TimePoint{ps(picoseconds)}; }

// A packet that leaves a memory: all of it is there.
Packet whole_at(std::int64_t time, std::int32_t bytes) {
    Packet packet;
    packet.bytes = bytes;
    packet.tail = at(time);
    return packet;
}

// What a link does with a packet: offers it, again when told to, and passes on what the next link sees.
struct Handed {
    TimePoint when;
    Packet packet;
};
Handed carry(LinkModel& link, Handed in) {
    LinkModel::Passage passage = link.offer(in.packet, in.when);
    while (!passage.accepted) {
        REQUIRE(passage.retry > in.when);
        in.packet.set_head_lag(Picoseconds{in.packet.head_lag} + (passage.retry - in.when));
        in.when = passage.retry;
        passage = link.offer(in.packet, in.when);
    }
    in.packet.tail = passage.tail_out;
    in.packet.set_head_lag(passage.lag_out);
    return {passage.head_out, in.packet};
}

// Time at which the last byte of one packet has crossed links of these speeds, latency 1,000 ps each.
std::int64_t crossing(const std::vector<std::int64_t>& rates, std::int32_t bytes) {
    Handed packet{at(0), whole_at(0, bytes)};
    for (const std::int64_t rate : rates) {
        LinkModel link{BytesPerSecond{rate}, ps(1000)};
        packet = carry(link, packet);
    }
    return packet.packet.tail.time_since_epoch().count();
}

constexpr std::int64_t kGB = 1'000'000'000;

}  // namespace

TEST_CASE("a packet on an idle link takes latency and size over bandwidth") {
    // 4,096 B at 50 GB/s: 81,920 ps.
    LinkModel link{BytesPerSecond{50 * kGB}, ns(500)};
    const LinkModel::Passage passage = link.offer(whole_at(1000, 4096), at(1000));
    REQUIRE(passage.accepted);
    CHECK(passage.start == at(1000));
    CHECK(passage.head_out == at(1000 + 500'000));
    CHECK(passage.lag_out == ps(0));
    CHECK(passage.tail_out == at(1000 + 81'920 + 500'000));
    CHECK(link.free_at() == at(1000 + 81'920));
    CHECK(link.busy() == ps(81'920));
    CHECK(link.stats().packets == 1);
    CHECK(link.stats().bytes == Bytes{4096});
}

TEST_CASE("a train of N packets ends at ceil(N x size / bandwidth)") {
    for (const std::int64_t rate : {50 * kGB, 48 * kGB, 46'875'000'000L, 24'999'999'977L, 3L}) {
        for (const std::int32_t bytes : {1, 1000, 4096, 65'536}) {
            LinkModel link{BytesPerSecond{rate}, ns(1)};
            for (std::int64_t n = 1; n <= 300; ++n) {
                const LinkModel::Passage passage = link.offer(whole_at(0, bytes), at(0));
                REQUIRE(passage.accepted);
                CAPTURE(rate, bytes, n);
                REQUIRE(passage.tail_out ==
                        TimePoint{transfer_time_ceil(Bytes{n * bytes}, BytesPerSecond{rate}) + ns(1)});
            }
            CHECK(link.busy() == transfer_time_ceil(Bytes{300 * std::int64_t{bytes}}, BytesPerSecond{rate}));
        }
    }
}

TEST_CASE("packets of mixed sizes carry their fractions on") {
    // 7 B/s: 1, 2, 4, 7 B end after 1, 3, 7, 14 sevenths of a second; the last on the second.
    LinkModel link{BytesPerSecond{7}, ps(0)};
    std::int64_t sent = 0;
    for (const std::int32_t bytes : {1, 2, 4, 7}) {
        sent += bytes;
        const LinkModel::Passage passage = link.offer(whole_at(0, bytes), at(0));
        CHECK(passage.tail_out == at((sent * kPicosecondsPerSecond + 6) / 7));
    }
}

TEST_CASE("a packet that comes while the link is free by less than a picosecond waits for the rest") {
    // 3 B/s: one byte takes 333,333,333,333 1/3 ps. Offered at the whole part, the second byte starts a third later and
    // ends at 2/3 s, rounded up; offered a picosecond later it starts then.
    const std::int64_t third = kPicosecondsPerSecond / 3;
    for (const std::int64_t late : {0, 1}) {
        LinkModel link{BytesPerSecond{3}, ps(0)};
        static_cast<void>(link.offer(whole_at(0, 1), at(0)));
        const LinkModel::Passage second = link.offer(whole_at(third + late, 1), at(third + late));
        CHECK(second.tail_out == at(2 * third + 1 + late));
    }
}

TEST_CASE("cut-through over links of any speeds takes the latencies and the slowest link") {
    const std::int32_t bytes = 4000;  // 400,000 ps at 10 GB/s
    CHECK(crossing({10 * kGB}, bytes) == 1000 + 400'000);
    CHECK(crossing({10 * kGB, 40 * kGB}, bytes) == 2000 + 400'000);
    CHECK(crossing({40 * kGB, 10 * kGB}, bytes) == 2000 + 400'000);
    CHECK(crossing({10 * kGB, 40 * kGB, 10 * kGB}, bytes) == 3000 + 400'000);
    CHECK(crossing({40 * kGB, 10 * kGB, 20 * kGB, 40 * kGB, 10 * kGB, 40 * kGB}, bytes) == 6000 + 400'000);
    CHECK(crossing({64 * kGB, 64 * kGB, 25 * kGB, 50 * kGB, 50 * kGB, 25 * kGB, 64 * kGB, 64 * kGB}, bytes) ==
          8000 + 160'000);
}

TEST_CASE("a train over slow, fast and slow links takes the latencies and the train's size over the slowest") {
    LinkModel first{BytesPerSecond{10 * kGB}, ps(1000)};
    LinkModel second{BytesPerSecond{40 * kGB}, ps(1000)};
    LinkModel third{BytesPerSecond{10 * kGB}, ps(1000)};
    for (std::int64_t n = 1; n <= 20; ++n) {
        const Handed out = carry(third, carry(second, carry(first, {at(0), whole_at(0, 4000)})));
        CHECK(out.packet.tail == at(3000 + n * 400'000));
    }
    CHECK(second.busy() == ps(20 * 100'000));  // not 20 x 400,000: between its bytes others can go
}

TEST_CASE("a fast link takes a packet from a slow one as soon as it would not run dry") {
    // 4,000 B take 100,000 ps here; the tail comes at 401,000, so 301,000 is the earliest start, less the 2 ps that are
    // forgiven as rounding.
    Packet packet = whole_at(0, 4000);
    packet.tail = at(401'000);
    LinkModel link{BytesPerSecond{40 * kGB}, ps(1000)};
    const LinkModel::Passage early = link.offer(packet, at(1000));
    CHECK_FALSE(early.accepted);
    CHECK(early.retry == at(301'000));
    CHECK_FALSE(link.offer(packet, at(300'997)).accepted);
    CHECK(link.stats().packets == 0);
    const LinkModel::Passage in_time = link.offer(packet, at(300'998));
    REQUIRE(in_time.accepted);
    CHECK(in_time.tail_out == at(402'000));
}

TEST_CASE("a link is not held for a packet whose tail is still far") {
    Packet slow = whole_at(0, 4000);
    slow.tail = at(401'000);
    LinkModel link{BytesPerSecond{40 * kGB}, ps(1000)};
    REQUIRE_FALSE(link.offer(slow, at(1000)).accepted);
    const LinkModel::Passage other = link.offer(whole_at(2000, 4000), at(2000));
    REQUIRE(other.accepted);
    CHECK(other.tail_out == at(2000 + 100'000 + 1000));
}

TEST_CASE("a head that was held back counts only where the link was idle") {
    // Handed over at 500,000 with its head 400,000 ahead and its tail here: on an idle link it has gone since 100,000.
    Packet packet = whole_at(500'000, 4000);
    packet.set_head_lag(ps(400'000));
    LinkModel idle{BytesPerSecond{10 * kGB}, ps(1000)};
    const LinkModel::Passage passage = idle.offer(packet, at(500'000));
    REQUIRE(passage.accepted);
    CHECK(passage.start == at(100'000));
    CHECK(passage.tail_out == at(501'000));  // 100,000 + 400,000 + latency
    CHECK(passage.head_out == at(500'000));  // not in the past; the head was at the other end at 101,000
    CHECK(passage.lag_out == ps(399'000));

    LinkModel used{BytesPerSecond{10 * kGB}, ps(1000)};  // until 300,000 by another packet
    static_cast<void>(used.offer(whole_at(200'000, 1000), at(200'000)));
    const LinkModel::Passage behind = used.offer(packet, at(500'000));
    CHECK(behind.start == at(300'000));
    CHECK(behind.tail_out == at(300'000 + 400'000 + 1000));
}

TEST_CASE("the lead of a head ends at its 31 bits") {
    Packet packet;
    packet.wants_credit = 1;
    packet.set_head_lag(ms(5));
    CHECK(packet.head_lag == 0x7fffffffu);
    CHECK(packet.wants_credit == 1);
    packet.set_head_lag(ps(7));
    CHECK(packet.head_lag == 7u);
}

TEST_CASE("the backlog is the longest wait for the link") {
    LinkModel link{BytesPerSecond{50 * kGB}, ns(1)};
    for (int i = 0; i < 4; ++i) {
        static_cast<void>(link.offer(whole_at(0, 4096), at(0)));
    }
    CHECK(link.stats().backlog_max == ps(3 * 81'920));  // the fourth waits for three
    static_cast<void>(link.offer(whole_at(4 * 81'920 - 1, 4096), at(4 * 81'920 - 1)));
    CHECK(link.stats().backlog_max == ps(3 * 81'920));
    static_cast<void>(link.offer(whole_at(10 * 81'920, 4096), at(10 * 81'920)));
    CHECK(link.stats().backlog_max == ps(3 * 81'920));
}
