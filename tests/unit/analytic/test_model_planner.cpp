// The choice by modelled time: it changes with the size, keeps to what the library offers, and says why.

#include "interconnect/analytic/model_planner.h"
#include "interconnect/routing/routes.h"
#include "interconnect/topology/build.h"
#include "tests/support/reference_clusters.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

constexpr BytesPerSecond kRate{100'000'000'000};

// Eight cards behind a switch of 100 ns, one link each of 100 GB/s and 100 ns: 300 ns from card to card.
ClusterConfig eight_cards() {
    ServerConfig server = reference::ppu_server(8, WiringConfig{WiringRecipe::icn_switch, 8, {}});
    server.links = {1, kRate, 1.0, ns(100)};
    return reference::one_server(std::move(server));
}

CollectiveLibrary two_protocols() {
    CollectiveLibrary library;
    library.name = "test";
    library.algorithms = {CollectiveAlgorithm::ring, CollectiveAlgorithm::halving_doubling};
    library.protocols = {{"eager", us(5), us(1), 0.5, {}, 0}, {"bulk", us(20), us(1), 1.0, {}, 0}};
    library.peer_protocols = {{"peer", us(3), {}, 1.0, {}, 0}};
    return library;
}

struct Setup {
    explicit Setup(CollectiveLibrary library, const ClusterConfig& cluster = eight_cards())
        : topology(build_topology(cluster)),
          router(make_router(topology, {cluster.routing, cluster.routing_seed})),
          planner(topology, *router, std::move(library)) {}

    CommunicatorId group(CollectiveAlgorithm algorithm = CollectiveAlgorithm::automatic) {
        CommunicatorSpec spec{"world", "", {}, algorithm, {}};
        for (std::uint32_t card = 0; card < topology.cards.size(); ++card) {
            spec.cards.push_back(CardId{card});
        }
        return planner.add_group(spec);
    }

    Topology topology;
    std::unique_ptr<Router> router;
    ModelPlanner planner;
};

}  // namespace

TEST_CASE("the protocol follows the size, at the size where the formulas cross") {
    Setup s(two_protocols());
    const CommunicatorId group = s.group();
    // halving_doubling has 6 steps against 14 of a ring, with the same bytes, so it always wins here. eager and bulk meet
    // where 2 x 7/8 S more bytes take 15 us: S = 15 us x 100 GB/s / 1.75 = 857,143 B.
    const CollectivePlan& small = s.planner.plan(group, {CollectiveOp::all_reduce, Bytes{856'000}});
    CHECK(small.choice.algorithm == CollectiveAlgorithm::halving_doubling);
    CHECK(small.choice.protocol == "eager");
    const CollectivePlan& large = s.planner.plan(group, {CollectiveOp::all_reduce, Bytes{858'000}});
    CHECK(large.choice.protocol == "bulk");
    // 20 us + 6 x (1 us + 300 ns) + 1.75 x 8,000,000 B / 100 GB/s.
    CHECK(s.planner.time(group, {CollectiveOp::all_reduce, Bytes{8'000'000}}) == us(20) + ns(6 * 1300) + us(140));
    // Ring instead: 14 steps of 1.3 us and the same bytes.
    CHECK(s.planner.plan(group, {CollectiveOp::all_reduce, Bytes{8}}).choice.reason ==
          "picked halving_doubling with eager: 12.80 us modelled for 8 B, the next best ring with eager 23.20 us");
}

TEST_CASE("a named algorithm is kept, its protocol is still chosen") {
    Setup s(two_protocols());
    const CommunicatorId group = s.group(CollectiveAlgorithm::ring);
    const CollectivePlan& plan = s.planner.plan(group, {CollectiveOp::all_gather, Bytes{64 << 20}});
    CHECK(plan.choice.algorithm == CollectiveAlgorithm::ring);
    CHECK(plan.choice.protocol == "bulk");
    CHECK(plan.choice.reason.empty());
    CHECK(s.planner.plan(group, {CollectiveOp::all_gather, Bytes{64}}).choice.protocol == "eager");
}

TEST_CASE("an all_to_all goes straight, by the protocols between peers") {
    Setup s(two_protocols());
    const CollectivePlan& plan = s.planner.plan(s.group(), {CollectiveOp::all_to_all, Bytes{1 << 20}});
    CHECK(plan.choice.algorithm == CollectiveAlgorithm::direct);
    CHECK(plan.choice.protocol == "peer");
    CHECK(plan.cost.start == us(3));
}

TEST_CASE("without a library the structure decides and nothing is paid") {
    Setup s({});
    const CommunicatorId group = s.group();
    const CollectiveCall call{CollectiveOp::all_reduce, Bytes{8'000'000}};
    const CollectivePlan& plan = s.planner.plan(group, call);
    CHECK(plan.choice.algorithm == CollectiveAlgorithm::direct);
    CHECK(plan.choice.protocol.empty());
    CHECK(plan.cost == CallCost{});
    CHECK(s.planner.time(group, call) == ns(2 * 300) + us(140));
    CHECK(s.planner.message_cost(CardId{0}, CardId{1}, Bytes{8}) == CallCost{});
}

TEST_CASE("a choice is told once for each way of running an operation") {
    Setup s(two_protocols());
    const CommunicatorId group = s.group();
    for (const std::int64_t size : {8, 64, 1024, 1 << 24, 1 << 25}) {
        s.planner.plan(group, {CollectiveOp::all_reduce, Bytes{size}});
    }
    REQUIRE(s.planner.choices().size() == 2);
    CHECK(s.planner.choices()[0].choice.protocol == "eager");
    CHECK(s.planner.choices()[1].choice.protocol == "bulk");
}

TEST_CASE("what is too large to compare is left to the structure, by a rough time for its protocols") {
    // Direct between 512 cards is 261,632 transfers, more than the cap; both protocols have that algorithm only.
    ServerConfig server = reference::ppu_server(512, WiringConfig{WiringRecipe::icn_switch, 512, {}});
    server.links = {1, kRate, 1.0, ns(100)};
    CollectiveLibrary library;
    library.peer_protocols = {{"eager", us(5), {}, 0.5, {}, 0}, {"bulk", us(20), {}, 1.0, {}, 0}};
    Setup s(library, reference::one_server(std::move(server)));
    const CommunicatorId group = s.group();
    CHECK(s.planner.plan(group, {CollectiveOp::all_to_all, Bytes{1024}}).choice.protocol == "eager");
    CHECK(s.planner.plan(group, {CollectiveOp::all_to_all, Bytes{1 << 26}}).choice.protocol == "bulk");
}
