// What never ends is a broken law, told with who waits for what.

#include "interconnect/topology/build.h"
#include "sim/error/error.h"
#include "tests/support/systems.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;
using Catch::Matchers::Contains;

namespace {

constexpr BytesPerSecond kRate{50'000'000'000};

std::string broken_law(PacketSystem& system) {
    std::vector<std::string> held;
    try {
        system.check_laws(held);
    } catch (const LawError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("a collective that one rank never enters ends as a broken law that names the rank") {
    PacketSystem system(icn_server(WiringRecipe::ring, 4, kRate, ns(500)), reference::round_chip(), {Bytes{4096}});
    system.elaborate();
    const CommunicatorId world =
        system.network().create_communicator(world_spec(system.topology(), CollectiveAlgorithm::ring));
    Finishes finishes(system);
    for (const int rank : {0, 1, 3}) {
        system.network().collective(world, rank, {CollectiveOp::all_reduce, Bytes{1 << 20}}, finishes.expect());
    }
    system.run();  // returns: nothing is left that could happen
    CHECK(finishes.count == 0);
    const std::string text = broken_law(system);
    CHECK_THAT(text, Contains("every operation issued has finished"));
    CHECK_THAT(text, Contains("world"));
    CHECK_THAT(text, Contains("rank 2 has not entered call 0"));
    CHECK_THAT(text, Contains("rank 3 in step 0 of 6: waits for 1 messages"));
}

TEST_CASE("a receive that nobody sends to ends as a broken law that names both cards") {
    PacketSystem system(icn_server(WiringRecipe::ring, 4, kRate, ns(500)), reference::round_chip(), {Bytes{4096}});
    system.elaborate();
    Finishes finishes(system);
    system.network().receive(card(3), card(1), 42, finishes.expect());
    system.network().send(card(0), card(2), Bytes{100}, 5, finishes.expect());
    system.run();
    CHECK(finishes.count == 1);  // the send ends when its last byte is there
    const std::string text = broken_law(system);
    CHECK_THAT(text, Contains("card 3 waits for a message from card 1 with tag 42"));
    CHECK_THAT(text, Contains("card 2 has not received a message from card 0 with tag 5"));
}

namespace {

// A card that swallows: the message has left and never arrives.
struct BlackHole final : MessageSource {
    void inject(Message& /*message*/, Arrival /*arrival*/) override {}
};

}  // namespace

TEST_CASE("a message that the network loses ends as a broken law that names its cards") {
    Agenda agenda;
    NetworkMemory memory;
    const Topology topology = build_topology(icn_server(WiringRecipe::ring, 4, kRate, ns(500)));
    const auto router = make_router(topology, {});
    BlackHole hole;
    PacketTransport transport(agenda, *router, memory, {&hole, &hole, &hole, &hole});
    MessageNetwork network(topology, agenda, ComponentId{0}, transport);
    network.send(card(0), card(2), Bytes{100}, 9, {});
    network.receive(card(2), card(0), 9, {});
    agenda.run();
    CHECK_FALSE(network.idle());
    CHECK(transport.in_flight() == 1);
    CHECK_THAT(network.waiting_text(), Contains("a message from card 0 to card 2 with tag 9 is under way"));
}
