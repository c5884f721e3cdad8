// Who goes first, without links or time.

#include "interconnect/packet/arbiter.h"
#include "sim/random/random_stream.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>

using namespace myriad;

namespace {

struct NoBuffer final : PacketBuffer {
    void leave(const Packet& /*packet*/, TimePoint /*at*/) override {}
};

// An arbiter of `channels` unbounded channels and packets made by hand.
struct Bench {
    explicit Bench(Arbitration rule, int channels = 1, std::int64_t capacity = -1) {
        for (int c = 0; c < channels; ++c) {
            states.emplace_back(capacity);
        }
        arbiter = std::make_unique<Arbiter>(rule, memory, states.data(), channels);
    }
    // Packets are told by their size.
    void push(std::int32_t bytes, PacketBuffer* input, std::uint32_t from = 0, int channel = 0,
              std::uint16_t turns = 0) {
        Message& message = messages.emplace_back();
        message.from = CardId{from};
        message.to = CardId{99};
        Packet& packet = packets.emplace_back();
        packet.message = &message;
        packet.bytes = bytes;
        packet.buffer = input;
        packet.turns = turns;
        packet.entered = TimePoint{Picoseconds{static_cast<std::int64_t>(packets.size())}};
        arbiter->push(packet, channel);
    }
    std::string order() {
        std::string text;
        while (const Packet* packet = arbiter->pop()) {
            text += std::to_string(packet->bytes) + " ";
        }
        return text;
    }
    QueueingMemory memory;
    std::vector<ChannelState> states;
    std::unique_ptr<Arbiter> arbiter;
    std::deque<Message> messages;
    std::deque<Packet> packets;
};

}  // namespace

TEST_CASE("fifo lets packets go in the order in which they came, whatever their channel") {
    Bench bench(Arbitration::fifo, 2);
    NoBuffer a;
    NoBuffer b;
    bench.push(1, &a, 0, 1);
    bench.push(2, &b, 0, 0);
    bench.push(3, &a, 0, 0);
    bench.push(4, &a, 0, 1);
    CHECK(bench.arbiter->bytes() == 10);
    CHECK(bench.order() == "1 2 3 4 ");
    CHECK(bench.arbiter->empty());
    CHECK(bench.memory.queues.in_use() == 0);
}

TEST_CASE("round robin deals turns to inputs, not to packets") {
    Bench bench(Arbitration::round_robin);
    NoBuffer a;
    NoBuffer b;
    for (const int size : {10, 11, 12}) {
        bench.push(size, &a);
    }
    bench.push(20, &b);
    bench.push(30, nullptr);  // the node's own
    bench.push(31, nullptr);
    CHECK(bench.order() == "10 20 30 11 31 12 ");
}

TEST_CASE("per-flow-fair deals turns to flows of one input too") {
    Bench bench(Arbitration::per_flow_fair);
    NoBuffer a;
    bench.push(10, &a, 1);
    bench.push(11, &a, 1);
    bench.push(12, &a, 1);
    bench.push(20, &a, 2);
    bench.push(21, &a, 2);
    CHECK(bench.order() == "10 20 11 21 12 ");
}

TEST_CASE("what a card sends itself gets as many turns as connections wait there") {
    Bench bench(Arbitration::per_flow_fair);
    NoBuffer a;
    for (const int size : {10, 11, 12}) {
        bench.push(size, &a, 1);
    }
    for (const int size : {20, 21, 22, 23}) {
        bench.push(size, nullptr, 0, 0, 2);  // two connections take turns at the port
    }
    CHECK(bench.order() == "10 20 21 11 22 23 12 ");
}

TEST_CASE("a channel without credit steps aside and keeps its turn") {
    Bench bench(Arbitration::round_robin, 2, 100);
    NoBuffer a;
    NoBuffer b;
    bench.push(50, &a, 0, 0);
    bench.push(40, &b, 0, 1);
    bench.states[0].credit.claim(60);
    CHECK(bench.order() == "40 ");
    bench.states[0].credit.give_back(60, TimePoint{}, bench.memory.returns);
    bench.states[0].credit.settle(TimePoint{}, bench.memory.returns);
    CHECK(bench.order() == "50 ");
}

TEST_CASE("many queues are found by their key: turns are the same as with few") {
    // 40 flows of 3 packets each: rounds of 40, in order of first arrival.
    Bench bench(Arbitration::per_flow_fair);
    NoBuffer a;
    std::string expected;
    for (int packet = 0; packet < 3; ++packet) {
        for (int flow = 0; flow < 40; ++flow) {
            bench.push(100 * packet + flow, &a, static_cast<std::uint32_t>(flow));
            expected += std::to_string(100 * packet + flow) + " ";
        }
    }
    CHECK(bench.memory.queues.in_use() == 40);
    CHECK(bench.order() == expected);
    CHECK(bench.memory.queues.in_use() == 0);
    CHECK(bench.memory.tables.front().size() == 0);
}

TEST_CASE("the table of queues finds what is in it and nothing else, through growth and removal") {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        CAPTURE(seed);
        RandomStream random(seed, "queue table");
        QueueTable table;
        std::map<std::uint64_t, PacketQueue*> truth;
        std::deque<PacketQueue> queues;
        for (int step = 0; step < 20'000; ++step) {
            const std::uint64_t key = random.below(300);  // often there already
            if (truth.count(key) == 0) {
                table.add(key, queues.emplace_back());
                truth[key] = &queues.back();
            } else if (random.below(2) == 0) {
                table.remove(key);
                truth.erase(key);
            }
            const std::uint64_t other = random.below(300);
            REQUIRE(table.find(other) == (truth.count(other) == 0 ? nullptr : truth[other]));
        }
        CHECK(table.size() == truth.size());
    }
}

// As if packet 1 of input a waited until then: its queue's next turn is drawn when 1 begins, after those of b and c.
TEST_CASE("behind a packet whose turn is fixed its input stays last until it begins") {
    NoBuffer a;
    NoBuffer b;
    NoBuffer c;
    for (const int channel_of_b : {0, 1}) {
        Bench bench(Arbitration::round_robin, 2);
        Packet first;
        first.buffer = &a;
        bench.arbiter->give_next_turn(first, 0, TimePoint{ps(4)});
        CHECK_FALSE(bench.arbiter->next_turn_is_open(TimePoint{ps(4)}));
        CHECK(bench.arbiter->next_turn_is_open(TimePoint{ps(5)}));
        bench.push(2, &a);                   // at 1 ps
        bench.push(3, &b, 0, channel_of_b);  // at 2 ps
        bench.push(4, &c);
        bench.push(5, &b, 0, channel_of_b);
        CHECK(bench.order() == "3 4 2 5 ");
    }
    Bench late(Arbitration::round_robin);
    Packet first;
    first.buffer = &a;
    late.arbiter->give_next_turn(first, 0, TimePoint{ps(0)});
    late.push(2, &a);  // 1 ps: the first has begun
    late.push(3, &b);
    CHECK(late.order() == "2 3 ");
}
