// Two cards behind one switch each way, 50 GB/s a direction (20 ps a byte), 500 ns a link: a message of b bytes alone
// takes 20 b ps and 1,000 ns of latency (no switch latency).

#include "interconnect/flow/flow_transport.h"
#include "interconnect/topology/build.h"
#include "tests/support/reference_clusters.h"

#include <catch2/catch.hpp>

#include <functional>

using namespace myriad;

namespace {

ClusterConfig behind_a_switch(int cards) {
    ServerConfig server = reference::ppu_server(cards, {WiringRecipe::icn_switch, cards, {}});
    server.links = {1, BytesPerSecond{50'000'000'000}, 1.0, ns(500)};
    server.switch_latency = ns(0);
    return reference::one_server(std::move(server));
}

struct Bench final : TransportClient {
    explicit Bench(int cards)
        : topology(build_topology(behind_a_switch(cards))),
          router(make_router(topology, {})),
          transport(topology, *router, agenda, ComponentId{0}) {}

    void post(std::uint32_t from, std::uint32_t to, std::int64_t bytes, std::uint64_t tag) {
        transport.post(CardId{from}, CardId{to}, Bytes{bytes}, tag, Arrival::store, *this);
    }
    void on_arrival(CardId, CardId, std::uint64_t tag) override {
        at.resize(std::max<std::size_t>(at.size(), tag + 1));
        at[tag] = agenda.now().time_since_epoch();
    }

    Topology topology;
    std::unique_ptr<Router> router;
    Agenda agenda;
    FlowTransport transport;
    std::vector<Picoseconds> at;
};

// Calls a function at a time.
struct Later final : AgendaClient {
    Later(Agenda& agenda, Picoseconds when, std::function<void()> f) : what(std::move(f)) {
        agenda.enroll(ComponentId{1}, *this);
        agenda.schedule(TimePoint{when}, Phase::deliver, ComponentId{1}, ComponentId{1}, 0);
    }
    void on_agenda(const AgendaRecord&) override { what(); }
    std::function<void()> what;
};

}  // namespace

TEST_CASE("a message alone takes its latency and its size over the narrowest link") {
    Bench bench(3);
    bench.post(0, 1, 1'000'000, 0);
    bench.agenda.run();
    CHECK(bench.at[0] == us(20) + us(1));
}

TEST_CASE("an empty message takes the latency") {
    Bench bench(3);
    bench.post(0, 1, 0, 0);
    bench.agenda.run();
    CHECK(bench.at[0] == us(1));
}

TEST_CASE("two messages into one card share its link") {
    Bench bench(3);
    bench.post(0, 2, 1'000'000, 0);
    bench.post(1, 2, 500'000, 1);
    bench.agenda.run();
    // Half the rate until the shorter has left at 20 us; the other then has 500,000 B left at the full rate.
    CHECK(bench.at[1] == us(20) + us(1));
    CHECK(bench.at[0] == us(30) + us(1));
}

TEST_CASE("messages of a connection follow one another") {
    Bench bench(3);
    bench.post(0, 1, 1'000'000, 0);
    bench.post(0, 1, 500'000, 1);
    bench.agenda.run();
    CHECK(bench.at[0] == us(20) + us(1));
    CHECK(bench.at[1] == us(30) + us(1));
}

TEST_CASE("a message that starts later slows the other down from then on") {
    Bench bench(3);
    bench.post(0, 2, 1'000'000, 0);
    const Later later(bench.agenda, us(10), [&bench] { bench.post(1, 2, 1'000'000, 1); });
    bench.agenda.run();
    // 500,000 B left at 10 us take 20 us at half the rate; the second then has 500,000 B left: 10 us more.
    CHECK(bench.at[0] == us(30) + us(1));
    CHECK(bench.at[1] == us(40) + us(1));
}

TEST_CASE("a link that becomes slower, or stops for a time, delays what is under way") {
    Bench bench(3);
    bench.post(0, 1, 1'000'000, 0);
    // Card 0's link at half its bandwidth from 10 us on: 500,000 B take 20 us.
    const DirectedEdge way{bench.topology.nodes[index(bench.topology.cards[0])].ports[0], 0};
    const Later later(bench.agenda, us(10),
                      [&] { bench.transport.set_bandwidth(way, BytesPerSecond{25'000'000'000}); });
    bench.agenda.run();
    CHECK(bench.at[0] == us(30) + us(1));

    Bench stopped(3);
    stopped.post(0, 1, 1'000'000, 0);
    const DirectedEdge same{stopped.topology.nodes[index(stopped.topology.cards[0])].ports[0], 0};
    const Later stop(stopped.agenda, us(10), [&] { stopped.transport.set_bandwidth(same, BytesPerSecond{0}); });
    stopped.agenda.run();
    CHECK(stopped.at.empty());
    const Picoseconds back = stopped.agenda.now().time_since_epoch();
    stopped.transport.set_bandwidth(same, BytesPerSecond{50'000'000'000});
    stopped.agenda.run();
    CHECK(stopped.at[0] == back + us(10) + us(1));  // 500,000 B were left
}

// At half the bandwidth the message would end at 40 us. From 10 us on, with 750,000 B left, it takes 15 us more: the record
// for 40 us must not count as something that happens.
TEST_CASE("the end that a faster message had is nothing that happens") {
    Bench bench(3);
    const DirectedEdge way{bench.topology.nodes[index(bench.topology.cards[0])].ports[0], 0};
    bench.transport.set_bandwidth(way, BytesPerSecond{25'000'000'000});
    bench.post(0, 1, 1'000'000, 0);
    const Later later(bench.agenda, us(10),
                      [&] { bench.transport.set_bandwidth(way, BytesPerSecond{50'000'000'000}); });
    while (bench.agenda.pending() > bench.transport.void_records()) {
        bench.agenda.run_instant();
    }
    CHECK(bench.at[0] == us(25) + us(1));
    CHECK(bench.agenda.now() == TimePoint{us(26)});
    CHECK(bench.transport.void_records() == 1);
}

TEST_CASE("what links have carried") {
    Bench bench(3);
    bench.post(0, 2, 1'000, 0);
    bench.post(1, 2, 500, 1);
    bench.agenda.run();
    Bytes total;
    for (const Bytes bytes : bench.transport.link_bytes()) {
        total += bytes;
    }
    CHECK(total == Bytes{2 * 1'500});  // each over two links
    CHECK(bench.transport.posted() == bench.transport.arrived());
}
