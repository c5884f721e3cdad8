// Software cost is the same at every level: start, delay of every step, wire bytes, and with them the choice.

#include "tests/support/systems.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace myriad;
using namespace myriad::test;

namespace {

CollectiveLibrary library() {
    CollectiveLibrary library;
    library.name = "test";
    library.algorithms = {CollectiveAlgorithm::ring, CollectiveAlgorithm::direct, CollectiveAlgorithm::halving_doubling,
                          CollectiveAlgorithm::hierarchical};
    library.protocols = {{"LL", us(4), ns(800), 0.5, BytesPerSecond{100'000'000'000}, 0},
                         {"LL128", us(7), ns(600), 0.9375, BytesPerSecond{300'000'000'000}, 0},
                         {"Simple", us(20), us(1), 0.9, {}, 0}};
    library.peer_protocols = {{"LL", us(6), ns(100), 0.5, BytesPerSecond{8'000'000'000}, 0},
                              {"Simple", us(12), ns(0), 0.86, {}, 1}};
    library.own_copy = BytesPerSecond{1'000'000'000'000};
    return library;
}

struct Levels {
    explicit Levels(const ClusterConfig& cluster)
        : packet(*new PacketSystem(cluster, reference::round_chip(), {.cell = Bytes{65'536}, .library = library()})),
          flow(*new FlowSystem(cluster, reference::round_chip(), false, {}, library())),
          analytic(*new AnalyticSystem(cluster, reference::round_chip(), false, {}, library())) {
        static auto* const kept = new std::vector<Platform*>;  // reachable to the end: no leak to report
        kept->push_back(&packet);
        kept->push_back(&flow);
        kept->push_back(&analytic);
        packet.elaborate();
        flow.elaborate();
        analytic.elaborate();
    }
    PacketSystem& packet;
    FlowSystem& flow;
    AnalyticSystem& analytic;
};

}  // namespace

TEST_CASE("all levels pay the same for software, whatever is picked") {
    Levels levels(icn_server(WiringRecipe::icn_switch, 8, BytesPerSecond{380'000'000'000}, ns(25)));
    std::vector<std::string> protocols;
    for (const CollectiveOp op : {CollectiveOp::all_reduce, CollectiveOp::all_gather, CollectiveOp::reduce_scatter,
                                  CollectiveOp::all_to_all, CollectiveOp::broadcast}) {
        CommunicatorSpec spec = world_spec(levels.packet.topology(), CollectiveAlgorithm::automatic);
        spec.dimension = std::string(name_of(op));
        const CommunicatorId packet = levels.packet.network().create_communicator(spec);
        const CommunicatorId flow = levels.flow.network().create_communicator(spec);
        const CommunicatorId analytic = levels.analytic.network().create_communicator(spec);
        for (const std::int64_t size : {8LL, 4096LL, 65'536LL, 1LL << 20, 1LL << 24, 1LL << 28}) {
            const CollectiveCall call{op, Bytes{size}};
            const AlgorithmChoice by_packet_choice = *levels.packet.choice_of(packet, call);
            const AlgorithmChoice by_formula_choice = *levels.analytic.choice_of(analytic, call);
            CHECK(by_packet_choice.reason == by_formula_choice.reason);
            protocols.push_back(by_packet_choice.protocol);
            const auto by_packet = static_cast<double>(collective_time(levels.packet, packet, call).count());
            const auto by_flow = static_cast<double>(collective_time(levels.flow, flow, call).count());
            const auto by_formula = static_cast<double>(collective_time(levels.analytic, analytic, call).count());
            CAPTURE(name_of(op), size, by_packet, by_formula, by_packet_choice.reason);
            // A message's wire bytes are rounded up to a byte each, 3 ps, and eight of them may meet at a port. The chain
            // of a broadcast is closer than a delay.
            const double tolerance =
                op == CollectiveOp::broadcast ? 0.02 * by_formula : 1e-6 * by_formula + 8 * 3 * 14 + 14;
            CHECK(std::abs(by_packet - by_formula) <= tolerance);
            CAPTURE(by_flow);
            CHECK(std::abs(by_flow - by_formula) <= tolerance);
        }
    }
    // All protocols had their turn.
    for (const char* name : {"LL", "LL128", "Simple"}) {
        CHECK(std::find(protocols.begin(), protocols.end(), name) != protocols.end());
    }
    // Point to point: eager below, rendezvous above. LL: 6 us + 100 ns + 1,000 B / 8 GB/s before, 2,000 B on the wire of
    // two hops of 25 ns and a switch of 100 ns; Simple: 12 us and a round trip of 300 ns before, 10^8 / 0.86 B on the wire.
    CHECK(message_time(levels.packet, card(0), card(1), Bytes{1000}) == us(6) + ns(100 + 125 + 150) + ps(5264));
    CHECK(message_time(levels.analytic, card(0), card(1), Bytes{1000}) == us(6) + ns(100 + 125 + 150) + ps(5264));
    const double large = 12e6 + 450e3 + 1e8 / 0.86 / 380e9 * 1e12;
    for (Platform* platform : std::initializer_list<Platform*>{&levels.packet, &levels.flow, &levels.analytic}) {
        const auto time = static_cast<double>(message_time(*platform, card(0), card(1), Bytes{100'000'000}).count());
        CHECK(std::abs(time / large - 1.0) < 1e-5);
    }
    std::vector<std::string> held;
    CHECK_NOTHROW(levels.packet.check_laws(held));
    CHECK_NOTHROW(levels.flow.check_laws(held));
    CHECK_NOTHROW(levels.analytic.check_laws(held));
    CHECK(levels.packet.counters().wire > levels.packet.counters().payload);
}
