// Injection at a card's ports: pace, turns, order, credits. 50 GB/s and 500 ns a link: 20 ps a byte.

#include "tests/unit/packet/rig.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;

TEST_CASE("a long message in cells shorter than the latency fills one hop without gaps") {
    // A 4 KiB cell takes 82 ns, its credit comes after 582 ns: eight must be on the way. S = 1 MiB + 1 B.
    Chain chain({kRate}, Bytes{4096});
    chain.start();
    const std::int64_t size = (1 << 20) + 1;
    chain.banks[0]->post(chain.message(1, Bytes{size}, 1));
    chain.run();
    CHECK(chain.log.time_of(1) == ps(20 * size) + kLatency);
    CHECK(chain.links[0]->direction(0).model().stats().packets == 257);
    CHECK(chain.memory.packets.in_use() == 0);
    CHECK(chain.memory.streams.in_use() == 0);
}

TEST_CASE("a long message over three hops takes its size once and three latencies") {
    Chain chain({kRate, kRate, kRate}, Bytes{4096});
    chain.start();
    const std::int64_t size = 3 << 20;
    chain.banks[0]->post(chain.message(1, Bytes{size}, 3));
    chain.run();
    CHECK(chain.log.time_of(1) == ps(20 * size) + 3 * kLatency);
    CHECK(chain.banks[1]->packets_forwarded() == 768);
    CHECK(chain.banks[2]->packets_forwarded() == 768);
    CHECK(chain.banks[3]->packets_forwarded() == 0);
}

TEST_CASE("a long message over links of unlike speed takes its size over the slowest") {
    const BytesPerSecond slow{20'000'000'000};  // 50 ps a byte
    Chain chain({kRate, slow, kRate, slow}, Bytes{4096});
    chain.start();
    const std::int64_t size = (1 << 20) + 77;
    chain.banks[0]->post(chain.message(1, Bytes{size}, 4));
    chain.run();
    CHECK(chain.log.time_of(1) == ps(50 * size) + 4 * kLatency);
}

TEST_CASE("cells longer than the latency leave no gaps either") {
    Chain chain({kRate, kRate}, Bytes{1 << 20});
    chain.start();
    const std::int64_t size = (10 << 20) + 4096;
    chain.banks[0]->post(chain.message(1, Bytes{size}, 2));
    chain.run();
    CHECK(chain.log.time_of(1) == ps(20 * size) + 2 * kLatency);  // cut-through: no cell is stored on the way
}

TEST_CASE("messages with a short end follow each other without gaps") {
    // 100 messages of one cell and 1 B: the credit for the next full cell must not wait for the short one's.
    Chain chain({kRate}, Bytes{65'536});
    chain.start();
    for (std::uint64_t m = 0; m < 100; ++m) {
        chain.banks[0]->post(chain.message(m, Bytes{65'537}, 1));
    }
    chain.run();
    for (std::uint64_t m = 0; m < 100; ++m) {
        CHECK(chain.log.time_of(m) == ps(static_cast<std::int64_t>(m + 1) * 65'537 * 20) + kLatency);
    }
}

TEST_CASE("messages of one poster to one card arrive in the order in which they were posted") {
    // So the pieces of a pipeline leave one by one: message m ends at (m + 1) x 8 cells.
    Chain chain({kRate}, Bytes{4096});
    chain.start();
    for (std::uint64_t m = 0; m < 5; ++m) {
        chain.banks[0]->post(chain.message(m, Bytes{8 * 4096}, 1));
    }
    chain.run();
    REQUIRE(chain.log.entries.size() == 5);
    for (std::uint64_t m = 0; m < 5; ++m) {
        CHECK(chain.log.entries[m].tag == m);
        CHECK(chain.log.time_of(m) == ps(static_cast<std::int64_t>(m + 1) * 8 * 81'920) + kLatency);
    }
}

TEST_CASE("messages of different posters take turns, a cell each") {
    // Posted at one instant: A first, so its first two cells are committed before B exists. Then B and A alternate:
    // A A B A B A B A B ... With 8 cells each the last of A is cell 15 and the last of B cell 16.
    Chain chain({kRate}, Bytes{81'920});  // a cell takes 1,638,400 ps, longer than the latency
    chain.start();
    int a = 0;
    int b = 0;
    const Bytes size{8 * 81'920};
    chain.banks[0]->post(chain.message(1, size, 1, &a));
    chain.banks[0]->post(chain.message(2, size, 1, &b));
    chain.run();
    const std::int64_t cell = 81'920 * 20;
    const Picoseconds last_a = chain.log.time_of(1) - kLatency;
    const Picoseconds last_b = chain.log.time_of(2) - kLatency;
    CHECK(last_b == ps(16 * cell));
    CHECK(last_a >= ps(13 * cell));  // two cells ahead at most
    CHECK(last_a <= ps(15 * cell));
}

TEST_CASE("a short message does not wait for a long one of another poster") {
    // Two cells are committed when it comes, one more may take its turn first: it ends with the fourth cell.
    Chain chain({kRate}, Bytes{81'920});
    chain.start();
    int a = 0;
    int b = 0;
    chain.banks[0]->post(chain.message(1, Bytes{100 * 81'920}, 1, &a));
    chain.banks[0]->post(chain.message(2, Bytes{1}, 1, &b));
    chain.run();
    CHECK(chain.log.time_of(2) <= ps(4 * 81'920 * 20) + kLatency);
    CHECK(chain.log.time_of(1) == ps((100 * 81'920 + 1) * 20) + kLatency);
}

TEST_CASE("traffic that only passes through leaves a card its own turns") {
    // Card 0 sends 64 cells through card 1 to card 2, card 1 sends 64 of its own: the second link carries 128 cells and
    // both end within two cells of that.
    Chain chain({kRate, kRate}, Bytes{81'920});
    chain.start();
    const std::int64_t cell = 81'920 * 20;
    chain.banks[0]->post(chain.message(1, Bytes{64 * 81'920}, 2));
    chain.banks[1]->post(chain.message(2, Bytes{64 * 81'920}, 1));
    chain.run();
    const Picoseconds last = std::max(chain.log.time_of(1), chain.log.time_of(2));
    const Picoseconds first = std::min(chain.log.time_of(1), chain.log.time_of(2));
    CHECK(last == ps(128 * cell) + kLatency);  // card 1 begins at once, so the link never idles
    CHECK(first >= ps(124 * cell));
}

TEST_CASE("a message of no bytes takes the latency") {
    Chain chain({kRate, kRate}, Bytes{4096});
    chain.start();
    chain.banks[0]->post(chain.message(1, Bytes{0}, 2));
    chain.run();
    CHECK(chain.log.time_of(1) == 2 * kLatency);
}

TEST_CASE("what waits at a port is counted") {
    Chain chain({kRate}, Bytes{4096});
    chain.start();
    int a = 0;
    int b = 0;
    for (std::uint64_t m = 0; m < 4; ++m) {
        chain.banks[0]->post(chain.message(m, Bytes{1 << 20}, 1, m % 2 == 0 ? &a : &b));
    }
    CHECK(chain.banks[0]->waiting_streams() == 4);
    chain.run();
    CHECK(chain.banks[0]->waiting_streams() == 0);
    CHECK(chain.log.entries.size() == 4);
}
