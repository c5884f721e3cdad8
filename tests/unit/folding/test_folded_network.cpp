// Folded networks against closed forms. Four cards behind one switch, 50 GB/s a direction (20 ps a byte), 500 ns a link: all of
// them are alike.

#include "interconnect/folding/folded_network.h"
#include "interconnect/topology/build.h"
#include "tests/support/reference_clusters.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

struct Star {
    explicit Star(int cards) {
        ServerConfig server = reference::ppu_server(cards, {WiringRecipe::icn_switch, cards, {}});
        server.links = {1, BytesPerSecond{50'000'000'000}, 1.0, ns(500)};
        server.switch_latency = ns(0);
        topology = build_topology(reference::one_server(std::move(server)));
        router = make_router(topology, {});
        network.emplace(topology, *router, agenda,
                        FoldedNetwork::Components{.transport = ComponentId{0}, .network = ComponentId{1}});
    }
    CommunicatorId world() {
        CommunicatorSpec spec{"world",
                              "world",
                              topology.cards.empty() ? std::vector<CardId>{} : cards(),
                              CollectiveAlgorithm::direct,
                              {}};
        return network->create_communicator(spec);
    }
    [[nodiscard]] std::vector<CardId> cards() const {
        std::vector<CardId> all;
        for (std::uint32_t card = 0; card < topology.cards.size(); ++card) {
            all.push_back(CardId{card});
        }
        return all;
    }
    Completion note() { return {&Star::ended, this, 0}; }

    Topology topology;
    std::unique_ptr<Router> router;
    Agenda agenda;
    std::optional<FoldedNetwork> network;
    std::vector<Picoseconds> ends;

private:
    static void ended(void* self, std::uint64_t) {
        auto& star = *static_cast<Star*>(self);
        star.ends.push_back(star.agenda.now().time_since_epoch());
    }
};

}  // namespace

// Each card sends 3 MB and receives 3 MB by its link, all at once: 60 us, and 1 us of latency. In all 12 messages and
// 12 MB; by each of the eight directed links 3 MB.
TEST_CASE("one card stands for four in an all_to_all") {
    Star star(4);
    const CommunicatorId world = star.world();
    const CollectiveCall call{CollectiveOp::all_to_all, Bytes{4'000'000}};
    star.network->will_call(world, call);
    const Folding& folding = star.network->fold(std::vector<std::uint32_t>(4, 0));
    REQUIRE(folding.folded);
    CHECK(folding.representatives == std::vector{CardId{0}});
    CHECK(folding.multiplicity == std::vector<std::int64_t>{4});
    CHECK(folding.class_of == std::vector<std::uint32_t>(4, 0));
    star.network->collective(world, 0, call, star.note());
    star.agenda.run();
    CHECK(star.ends == std::vector{us(61)});
    CHECK(star.network->idle());
    CHECK(star.network->payload() == Bytes{12'000'000});
    CHECK(star.network->transport().messages() == 12);
    CHECK(star.network->transport().posted() == Bytes{12'000'000});
    CHECK(star.network->link_bytes() == std::vector<Bytes>(8, Bytes{3'000'000}));
}

// Cards 0 and 1 of one program each send 1 MB to 2 and 3 of the other: 20 us and 1 us. Each pair is a class of two.
TEST_CASE("a message of a representative stands for those of its class") {
    Star star(4);
    star.network->will_send(CardId{0}, CardId{2}, Bytes{1'000'000}, 0);
    star.network->will_send(CardId{1}, CardId{3}, Bytes{1'000'000}, 0);
    const Folding& folding = star.network->fold(std::vector<std::uint32_t>{0, 0, 1, 1});
    REQUIRE(folding.folded);
    CHECK(folding.representatives == std::vector{CardId{0}, CardId{2}});
    star.network->send(CardId{0}, CardId{2}, Bytes{1'000'000}, 7, star.note());
    star.network->receive(CardId{2}, CardId{0}, 7, star.note());
    star.agenda.run();
    CHECK(star.ends == std::vector(2, us(21)));
    CHECK(star.network->payload() == Bytes{2'000'000});
    CHECK(star.network->transport().messages() == 2);
}

// 0 -> 1 -> 2 -> 3 -> 0 with kinds that alternate: 0 and 2 are alike, 1 and 3 are. What 1 receives comes from 0, and what 0
// receives from 3, which 1 stands for.
TEST_CASE("a representative may speak of peers that are represented by others") {
    Star star(4);
    for (std::uint32_t card = 0; card < 4; ++card) {
        star.network->will_send(CardId{card}, CardId{(card + 1) % 4}, Bytes{1'000'000}, card % 2);
    }
    const Folding& folding = star.network->fold(std::vector<std::uint32_t>(4, 0));
    REQUIRE(folding.folded);
    CHECK(folding.representatives == std::vector{CardId{0}, CardId{1}});
    star.network->send(CardId{0}, CardId{1}, Bytes{1'000'000}, 0, star.note());
    star.network->send(CardId{1}, CardId{2}, Bytes{1'000'000}, 0, star.note());
    star.network->receive(CardId{0}, CardId{3}, 0, star.note());
    star.network->receive(CardId{1}, CardId{0}, 0, star.note());
    star.agenda.run();
    CHECK(star.ends == std::vector(4, us(21)));
    CHECK(star.network->idle());
}

// Everybody sends 1 MB to the next card and 1 MB to the one after: 2 MB by each link, each way, 40 us and 1 us. In order of
// cards: some cards are said to receive from the one before first, others from the one before that.
TEST_CASE("several messages of one kind are told apart by their order at the sender") {
    Star star(8);
    for (std::uint32_t card = 0; card < 8; ++card) {
        star.network->will_send(CardId{card}, CardId{(card + 1) % 8}, Bytes{1'000'000}, 0);
        star.network->will_send(CardId{card}, CardId{(card + 2) % 8}, Bytes{1'000'000}, 0);
    }
    const Folding& folding = star.network->fold(std::vector<std::uint32_t>(8, 0));
    REQUIRE(folding.folded);
    CHECK(folding.representatives == std::vector{CardId{0}});
    star.network->send(CardId{0}, CardId{1}, Bytes{1'000'000}, 0, star.note());
    star.network->send(CardId{0}, CardId{2}, Bytes{1'000'000}, 0, star.note());
    star.network->receive(CardId{0}, CardId{7}, 0, star.note());
    star.network->receive(CardId{0}, CardId{6}, 0, star.note());
    star.agenda.run();
    CHECK(star.ends == std::vector(4, us(41)));
    CHECK(star.network->idle());
}

// 0 and 1 send to 2, 4 and 5 to 6, all of one kind: the two that send to one card are told apart, so that it receives
// each. 2 MB come in by the link of the receiver: 40 us and 1 us.
TEST_CASE("several messages of one kind that reach one card are told apart") {
    Star star(8);
    for (const std::uint32_t first : {0u, 4u}) {
        star.network->will_send(CardId{first}, CardId{first + 2}, Bytes{1'000'000}, 0);
        star.network->will_send(CardId{first + 1}, CardId{first + 2}, Bytes{1'000'000}, 0);
    }
    const Folding& folding = star.network->fold(std::vector<std::uint32_t>{0, 0, 1, 2, 0, 0, 1, 2});
    REQUIRE(folding.folded);
    CHECK(folding.representatives == std::vector{CardId{0}, CardId{1}, CardId{2}, CardId{3}});
    for (const std::uint32_t from : {0u, 1u}) {
        star.network->send(CardId{from}, CardId{2}, Bytes{1'000'000}, 0, star.note());
        star.network->receive(CardId{2}, CardId{from}, 0, star.note());
    }
    star.agenda.run();
    CHECK(star.ends == std::vector(4, us(41)));
    CHECK(star.network->idle());
}

TEST_CASE("a fold that gives nothing says why, and everybody runs") {
    Star star(4);
    const CommunicatorId world = star.world();
    const CollectiveCall call{CollectiveOp::all_to_all, Bytes{4'000'000}};
    star.network->will_call(world, call);
    const Folding& folding = star.network->fold(std::vector<std::uint32_t>{0, 1, 2, 3});
    CHECK_FALSE(folding.folded);
    CHECK(folding.why_not == "at least 4 classes of 4 cards");
    CHECK(folding.representatives == star.cards());
    for (int rank = 0; rank < 4; ++rank) {
        star.network->collective(world, rank, call, star.note());
    }
    star.agenda.run();
    CHECK(star.ends == std::vector(4, us(61)));
    CHECK(star.network->payload() == Bytes{12'000'000});
}

// 4,000,003 B among four: chunks of 1,000,000 and 1,000,001 B, three of them the longer.
TEST_CASE("sizes that do not divide are named among the reasons") {
    Star star(4);
    const CommunicatorId world = star.world();
    star.network->will_call(world, {CollectiveOp::all_to_all, Bytes{4'000'003}});
    const Folding& folding = star.network->fold(std::vector<std::uint32_t>{0, 1, 2, 3});
    CHECK(folding.why_not ==
          "at least 4 classes of 4 cards; calls of a size that does not divide into equal chunks: 1");
}
