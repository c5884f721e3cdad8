// An ordinary SystemC module of somebody else, with a clock and a clocked process, on a card's socket: no knowledge of
// the agenda is needed to take part, and both see one time.

#include "models/ppu/ppu_card.h"
#include "tests/support/reference_clusters.h"
#include "tests/unit/packet/rig.h"

#include <catch2/catch.hpp>

#include <deque>
#include <optional>

using namespace myriad;
using namespace myriad::test;

namespace {

// Takes a packet at once, gives the credit back at the next clock edge, and echoes every whole message at the edge
// after: one message of the same size back to the card.
class Echo final : public sc_core::sc_module, private NetworkForwardInterface, private MessageClient {
public:
    sc_core::sc_in<bool> clock;
    NetworkTargetSocket socket;

    Echo(const sc_core::sc_module_name& name, NetworkMemory& memory, const Agenda& agenda)
        : sc_module(name), clock("clock"), socket("socket"), memory_(memory), agenda_(agenda) {
        socket.bind(static_cast<NetworkForwardInterface&>(*this));
        SC_HAS_PROCESS(Echo);
        SC_METHOD(on_edge);
        sensitive << clock.pos();
        dont_initialize();
    }

    std::int64_t edges = 0;
    std::int64_t packets = 0;
    std::int64_t disagreements = 0;     // times at which the kernel and the agenda did not tell the same time
    std::vector<Picoseconds> received;  // whole messages
    std::vector<Picoseconds> echoed;
    std::vector<Picoseconds> returned;  // the echo was back in the card

private:
    void compare_times() {
        disagreements += to_picoseconds(sc_core::sc_time_stamp()) == agenda_.now().time_since_epoch() ? 0 : 1;
    }

    tlm::tlm_sync_enum nb_transport_fw(Packet& packet, NetworkPhase& phase, sc_core::sc_time& delay) override {
        compare_times();
        if (phase == NetworkPhase::packet) {
            ++packets;
            credits_owed_ += packet.wants_credit;
            Message& message = *packet.message;
            message.arrived += Bytes{packet.bytes};
            memory_.packets.give_back(packet);
            if (message.arrived == message.size) {
                received.push_back(to_picoseconds(sc_core::sc_time_stamp()));
                to_echo_.push_back(message.size);
                message.client->on_message_arrival(message);
            }
        }
        delay = sc_core::SC_ZERO_TIME;
        return tlm::TLM_ACCEPTED;
    }

    void on_edge() {
        ++edges;
        compare_times();
        sc_core::sc_time delay;
        NetworkPhase phase = NetworkPhase::credit;
        Packet nothing;
        for (; credits_owed_ > 0; --credits_owed_) {
            socket->nb_transport_bw(nothing, phase, delay);
        }
        if (ready_) {
            Message& message = memory_.messages.take();
            message.size = *ready_;
            message.client = this;
            Packet& packet = memory_.packets.take();
            packet.message = &message;
            packet.next_port = &kRouteEnd;
            packet.tail = TimePoint{to_picoseconds(sc_core::sc_time_stamp())};
            packet.bytes = static_cast<std::int32_t>(message.size.count());
            phase = NetworkPhase::packet;
            echoed.push_back(to_picoseconds(sc_core::sc_time_stamp()));
            socket->nb_transport_bw(packet, phase, delay);
            ready_.reset();
        }
        if (!to_echo_.empty()) {
            ready_ = to_echo_.front();
            to_echo_.pop_front();
        }
    }

    void on_message_arrival(Message& message) override {
        compare_times();
        returned.push_back(to_picoseconds(sc_core::sc_time_stamp()));
        memory_.messages.give_back(message);
    }

    NetworkMemory& memory_;
    const Agenda& agenda_;
    std::uint32_t credits_owed_ = 0;
    std::deque<Bytes> to_echo_;
    std::optional<Bytes> ready_;
};

// The card's side of the conversation.
struct Client final : MessageClient {
    Client(const Agenda& a, NetworkMemory& m) : agenda(a), memory(m) {}
    const Agenda& agenda;
    NetworkMemory& memory;
    int arrived = 0;
    void on_message_arrival(Message& message) override {
        ++arrived;
        memory.messages.give_back(message);
    }
};

Message& message_to_device(NetworkMemory& memory, Routes& routes, Client& client, Bytes size) {
    Message& message = memory.messages.take();
    message.size = size;
    message.client = &client;
    message.routes = routes.of({{0}});
    return message;
}

}  // namespace

TEST_CASE("a foreign clocked module takes packets from a card's socket and sends some back") {
    Agenda agenda;
    NetworkMemory memory;
    Routes routes;
    AgendaBridge bridge("bridge", agenda);
    const ChipConfig chip = reference::round_chip();
    PpuCard card("card", agenda, ComponentId{0}, memory, Bytes{4096}, chip, {{PortRole::initiator, ps(0)}});
    sc_core::sc_clock clock("clock", 1.0, sc_core::SC_NS);  // edges at 0, 1 ns, 2 ns ...
    Echo echo("echo", memory, agenda);
    echo.clock(clock);
    card.ports.port(0).initiator().bind(echo.socket);
    Client client(agenda, memory);
    sc_core::sc_start(sc_core::SC_ZERO_TIME);

    // Five cells. Without a link the device sets the pace: two cells at once, then one a credit, and credits come at
    // clock edges, both owed ones at the first.
    card.dma.source().inject(message_to_device(memory, routes, client, Bytes{5 * 4096}), Arrival::store);
    CHECK(echo.packets >= 2);
    sc_core::sc_start(sc_core::sc_time(100, sc_core::SC_NS));

    CHECK(echo.packets == 5);
    CHECK(client.arrived == 1);
    REQUIRE(echo.received.size() == 1);
    REQUIRE(echo.echoed.size() == 1);
    REQUIRE(echo.returned.size() == 1);
    // Echoed at an edge, at the second one after the message was whole at the latest; back at the same instant, because
    // there is no link between.
    CHECK(echo.echoed[0].count() % 1000 == 0);
    CHECK(echo.echoed[0] > echo.received[0]);
    CHECK(echo.echoed[0] <= echo.received[0] + ns(2));
    CHECK(echo.returned[0] == echo.echoed[0]);
    CHECK(echo.edges >= 100);
    CHECK(echo.disagreements == 0);
    CHECK(card.hbm.stats().read == Bytes{5 * 4096});
    CHECK(card.hbm.stats().written == Bytes{5 * 4096});
    CHECK(memory.packets.in_use() == 0);
    CHECK(memory.messages.in_use() == 0);
}

TEST_CASE("a foreign clocked module at the far end of a link") {
    Agenda agenda;
    NetworkMemory memory;
    Routes routes;
    AgendaBridge bridge("bridge", agenda);
    const ChipConfig chip = reference::round_chip();
    PpuCard card("card", agenda, ComponentId{2}, memory, Bytes{4096}, chip, {{PortRole::initiator, kLatency}});
    Link link("link", agenda, memory.arena, 0, kRate, kLatency, kLatency);
    sc_core::sc_clock clock("clock", 1.0, sc_core::SC_NS);
    Echo echo("echo", memory, agenda);
    echo.clock(clock);
    bind_ports(card.ports.port(0), link.side_a);
    link.side_b.initiator().bind(echo.socket);
    Client client(agenda, memory);
    sc_core::sc_start(sc_core::SC_ZERO_TIME);

    card.dma.source().inject(message_to_device(memory, routes, client, Bytes{5 * 4096}), Arrival::store);
    sc_core::sc_start(sc_core::sc_time(5, sc_core::SC_US));

    // There: 20,480 B of 20 ps and 500 ns, at 909.6 ns. The device sees it whole at the edge of 910 ns and echoes at 911
    // ns. Back: one packet of 20,480 B, 409.6 ns and 500 ns, at 1,820.6 ns.
    CHECK(echo.received == std::vector<Picoseconds>{ps(909'600)});
    CHECK(echo.echoed == std::vector<Picoseconds>{ps(911'000)});
    CHECK(echo.returned == std::vector<Picoseconds>{ps(1'820'600)});
    CHECK(echo.disagreements == 0);
    CHECK(client.arrived == 1);
    CHECK(memory.packets.in_use() == 0);
}
