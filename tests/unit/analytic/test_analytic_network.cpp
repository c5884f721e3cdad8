// When calls begin and end, and what is left of them.

#include "interconnect/analytic/analytic_network.h"
#include "interconnect/topology/build.h"
#include "tests/support/reference_clusters.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

// Eight cards, each pair by a link of 50 GB/s and 500 ns; a log of completions.
struct System {
    Topology topology =
        build_topology(reference::one_server(reference::ppu_server(8, WiringConfig{WiringRecipe::full_mesh, 8, {}})));
    std::unique_ptr<Router> router = make_router(topology, {});
    Agenda agenda;
    AnalyticNetwork network{topology, *router, agenda, ComponentId{0}};
    std::vector<std::pair<std::uint64_t, TimePoint>> log;

    CommunicatorId group(int first, int count, const std::string& dimension = "",
                         CollectiveAlgorithm algorithm = CollectiveAlgorithm::automatic) {
        CommunicatorSpec spec{.name = "g" + std::to_string(first), .dimension = dimension, .algorithm = algorithm};
        for (int c = 0; c < count; ++c) {
            spec.cards.push_back(CardId{static_cast<std::uint32_t>(first + c)});
        }
        return network.create_communicator(std::move(spec));
    }
    Completion note(std::uint64_t what) { return {&System::noted, this, what}; }
    static void noted(void* context, std::uint64_t what) {
        System& system = *static_cast<System*>(context);
        system.log.emplace_back(what, system.agenda.now());
    }
};

// Calls a function at a time.
struct Timer final : AgendaClient {
    Agenda& agenda;
    ComponentId self;
    std::vector<std::function<void()>> actions;
    Timer(Agenda& a, ComponentId id) : agenda(a), self(id) { agenda.enroll(id, *this); }
    void at(Picoseconds time, std::function<void()> action) {
        agenda.schedule(TimePoint{time}, Phase::deliver, self, self, actions.size());
        actions.push_back(std::move(action));
    }
    void on_agenda(const AgendaRecord& record) override { actions[record.payload](); }
};

constexpr CollectiveCall kGather{CollectiveOp::all_gather, Bytes{8'000'000}};
// 1,000,000 bytes to each peer over its own link of 20 ps a byte, one hop.
constexpr Picoseconds kGatherTime = us(20) + ns(500);

}  // namespace

TEST_CASE("a collective ends for all ranks its time after the last one has entered") {
    System s;
    Timer timer(s.agenda, ComponentId{1});
    const CommunicatorId world = s.group(0, 8);
    for (int rank = 0; rank < 8; ++rank) {
        timer.at(us(rank), [&s, world, rank] {
            s.network.collective(world, rank, kGather, s.note(static_cast<std::uint64_t>(rank)));
        });
    }
    s.agenda.run();
    REQUIRE(s.log.size() == 8);
    for (std::size_t rank = 0; rank < 8; ++rank) {
        CHECK(s.log[rank] == std::pair{std::uint64_t{rank}, TimePoint{us(7) + kGatherTime}});
    }
    CHECK(s.network.idle());
    REQUIRE(s.network.choices().size() == 1);
    CHECK(s.network.choices()[0].choice.algorithm == CollectiveAlgorithm::direct);
}

TEST_CASE("calls that are entered ahead follow one another") {
    System s;
    const CommunicatorId world = s.group(0, 8);
    for (int rank = 0; rank < 8; ++rank) {
        s.network.collective(world, rank, kGather, s.note(1));
        s.network.collective(world, rank, kGather, s.note(2));
    }
    s.agenda.run();
    REQUIRE(s.log.size() == 16);
    CHECK(s.log[7] == std::pair{std::uint64_t{1}, TimePoint{kGatherTime}});
    CHECK(s.log[8] == std::pair{std::uint64_t{2}, TimePoint{2 * kGatherTime}});
}

TEST_CASE("a completion may enter the next call") {
    System s;
    struct Repeat {
        System& s;
        CommunicatorId world;
        int left[8] = {3, 3, 3, 3, 3, 3, 3, 3};
        void enter(int rank) {
            if (left[rank]-- > 0) {
                s.network.collective(world, rank, kGather, {&Repeat::again, this, static_cast<std::uint64_t>(rank)});
            }
        }
        static void again(void* context, std::uint64_t rank) {
            static_cast<Repeat*>(context)->enter(static_cast<int>(rank));
        }
    } repeat{s, s.group(0, 8)};
    for (int rank = 0; rank < 8; ++rank) {
        repeat.enter(rank);
    }
    s.agenda.run();
    CHECK(s.agenda.now() == TimePoint{3 * kGatherTime});
    CHECK(s.network.idle());
}

TEST_CASE("a group of one rank is done at the same instant, from the agenda") {
    System s;
    const CommunicatorId alone = s.group(3, 1);
    s.network.collective(alone, 0, kGather, s.note(1));
    CHECK(s.log.empty());
    s.agenda.run();
    REQUIRE(s.log.size() == 1);
    CHECK(s.log[0].second == TimePoint{});
}

TEST_CASE("a group that joins a dimension counts from then on") {
    // Both rings of 4 in K8 have their own links, so a sibling changes nothing; the same cards twice do.
    System s;
    const auto time = [&s](CommunicatorId group) {
        const TimePoint begin = s.agenda.now();
        for (int rank = 0; rank < 4; ++rank) {
            s.network.collective(group, rank, {CollectiveOp::all_gather, Bytes{4'000'000}}, {});
        }
        s.agenda.run();
        return s.agenda.now() - begin;
    };
    const CommunicatorId first = s.group(0, 4, "tp");
    CHECK(time(first) == us(20) + ns(500));
    s.group(4, 4, "tp");
    CHECK(time(first) == us(20) + ns(500));
    s.group(0, 4, "dp");
    CHECK(time(first) == us(20) + ns(500));
    s.group(0, 4, "tp");
    CHECK(time(first) == us(40) + ns(500));
}

TEST_CASE("a message takes path latency and size over bandwidth; the receive waits for it, or finds it") {
    System s;
    Timer timer(s.agenda, ComponentId{1});
    s.network.send(CardId{0}, CardId{5}, Bytes{50'000}, 9, s.note(1));
    s.network.receive(CardId{5}, CardId{0}, 9, s.note(2));
    timer.at(us(10), [&s] { s.network.send(CardId{0}, CardId{5}, Bytes{50'000}, 9, s.note(3)); });
    timer.at(us(20), [&s] { s.network.receive(CardId{5}, CardId{0}, 9, s.note(4)); });
    s.agenda.run();
    // 50,000 bytes of 20 ps and 500 ns.
    const std::vector<std::pair<std::uint64_t, TimePoint>> expected{
        {1, TimePoint{ns(1500)}}, {2, TimePoint{ns(1500)}}, {3, TimePoint{ns(11'500)}}, {4, TimePoint{us(20)}}};
    CHECK(s.log == expected);
    CHECK(s.network.idle());
}

TEST_CASE("links are charged for what they carried") {
    System s;
    const CommunicatorId world = s.group(0, 8);
    for (int call = 0; call < 2; ++call) {
        for (int rank = 0; rank < 8; ++rank) {
            s.network.collective(world, rank, kGather, {});
        }
    }
    s.network.send(CardId{0}, CardId{5}, Bytes{50'000}, 9, {});
    s.network.receive(CardId{5}, CardId{0}, 9, {});
    s.agenda.run();
    const auto use = s.network.link_use();
    REQUIRE(use.size() == 2 * 28);
    int with_message = 0;
    for (const AnalyticNetwork::LinkUse& link : use) {
        const bool extra = link.bytes == Bytes{2'050'000};
        with_message += extra;
        CHECK((extra || link.bytes == Bytes{2'000'000}));
        CHECK(link.busy == transfer_time_ceil(link.bytes, BytesPerSecond{50'000'000'000}));
    }
    CHECK(with_message == 1);
}

TEST_CASE("a stall is described") {
    System s;
    const CommunicatorId world = s.group(0, 8);
    for (int rank = 0; rank < 7; ++rank) {
        s.network.collective(world, rank, kGather, {});
    }
    s.network.receive(CardId{5}, CardId{0}, 9, {});
    s.agenda.run();
    CHECK_FALSE(s.network.idle());
    CHECK(s.network.waiting_text() ==
          "g0: all_gather number 0, 7 of 8 ranks entered; rank 7 has not\n"
          "point to point: 1 sends or receives without their other half, 0 messages under way\n");
}
