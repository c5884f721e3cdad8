// The parts of a fold alone: what connections carry, what crosses links, the schedule among runners.

#include "interconnect/collective/make_schedule.h"
#include "interconnect/folding/call_patterns.h"
#include "interconnect/folding/quotient_schedule.h"
#include "interconnect/folding/refinement.h"
#include "interconnect/folding/route_bundles.h"
#include "tests/support/hand_made_topologies.h"

#include <catch2/catch.hpp>

#include <set>

using namespace myriad;

namespace {

std::uint64_t label_between(const CallPatterns& patterns, int from, std::uint32_t to) {
    for (const CallPatterns::Peer& peer : patterns.from(from)) {
        if (peer.place == to) {
            return peer.label;
        }
    }
    return 0;
}

// Four cards in a ring: resource of the link from a card to the next, or to the one before.
struct Ring {
    Ring() : topology(test::torus({4})), router(make_router(topology, {})), links(topology), bundles(topology, links) {}

    [[nodiscard]] std::uint32_t resource(std::uint32_t from, std::uint32_t to) {
        std::vector<std::uint32_t> crossed;
        static_cast<void>(links.walk(CardId{from}, router->between(CardId{from}, CardId{to})[0], crossed));
        return crossed.front();
    }
    std::uint32_t bundle(std::uint32_t from, std::uint32_t to) {
        return bundles.add(CardId{from}, router->between(CardId{from}, CardId{to}));
    }
    std::vector<std::uint64_t> sums(const std::vector<std::pair<std::uint32_t, std::uint64_t>>& weights) {
        std::vector<std::uint64_t> result(links.resources());
        bundles.clear();
        for (const auto& [bundle, weight] : weights) {
            bundles.put(bundle, weight);
        }
        bundles.sum_up(result);
        return result;
    }

    Topology topology;
    std::unique_ptr<Router> router;
    FluidLinks links;
    RouteBundles bundles;
};

}  // namespace

// An all_reduce of four, direct: in the first step a sends chunk b to b, in the second chunk a. Of 4,097 bytes chunk 3 has
// 1,025 and the others 1,024, so that what goes to 3, what comes from 3 and the rest differ.
TEST_CASE("connections that carry the same have one label") {
    const auto schedule = make_schedule(CollectiveOp::all_reduce, CollectiveAlgorithm::direct, 4);
    const PlannedCall even[] = {{schedule.get(), Bytes{4096}, {}}};
    const CallPatterns whole(even, {4, false});
    CHECK(whole.connections() == 12);
    CHECK(label_between(whole, 0, 1) == label_between(whole, 3, 2));

    const PlannedCall uneven[] = {{schedule.get(), Bytes{4097}, {}}};
    const CallPatterns split(uneven, {4, false});
    CHECK(label_between(split, 0, 1) == label_between(split, 2, 0));
    CHECK(label_between(split, 0, 3) == label_between(split, 1, 3));
    CHECK(label_between(split, 3, 0) == label_between(split, 3, 2));
    CHECK(std::set{label_between(split, 0, 1), label_between(split, 0, 3), label_between(split, 3, 0)}.size() == 3);
    CHECK(label_between(split, 0, 1) != label_between(whole, 0, 1));
}

// A ring's all_reduce among 8: 14 steps of one pattern.
TEST_CASE("steps of one pattern are looked at once where the size divides") {
    const auto schedule = make_schedule(CollectiveOp::all_reduce, CollectiveAlgorithm::ring, 8);
    CHECK(CallPatterns::telling_steps({schedule.get(), Bytes{8000}, {}}).size() == 1);
    CHECK(CallPatterns::telling_steps({schedule.get(), Bytes{8001}, {}}).size() == 14);
}

// Between opposite cards of a ring of four there are two routes, one each way: links of the first see lane 0, those of the
// second lane 1. Neighbours have one.
TEST_CASE("links have equal sums when the same lanes of the same connections cross them") {
    Ring ring;
    const std::uint32_t to_next = ring.bundle(0, 1);
    const std::uint32_t from_next = ring.bundle(1, 2);
    const std::uint32_t across = ring.bundle(0, 2);
    const auto alike = ring.sums({{to_next, 5}, {from_next, 5}});
    CHECK(alike[ring.resource(0, 1)] == alike[ring.resource(1, 2)]);
    CHECK(alike[ring.resource(2, 3)] == 0);
    const auto unlike = ring.sums({{to_next, 5}, {from_next, 7}});
    CHECK(unlike[ring.resource(0, 1)] != unlike[ring.resource(1, 2)]);

    const auto crossing = ring.sums({{across, 5}});
    const RouteSet routes = ring.router->between(CardId{0}, CardId{2});
    REQUIRE(routes.size() == 2);
    std::vector<std::uint64_t> by_lane;
    for (const Route route : routes) {
        std::vector<std::uint32_t> crossed;
        static_cast<void>(ring.links.walk(CardId{0}, route, crossed));
        REQUIRE(crossed.size() == 2);
        CHECK(crossing[crossed[0]] == crossing[crossed[1]]);  // the same lane
        by_lane.push_back(crossing[crossed[0]]);
    }
    CHECK(by_lane[0] != by_lane[1]);
    CHECK(by_lane[0] == 5);  // lane 0 is worth x^0
}

TEST_CASE("colours of routes are those of their links in order") {
    Ring ring;
    const std::uint32_t across = ring.bundle(0, 2);
    const std::uint32_t back = ring.bundle(2, 0);
    std::vector<std::uint64_t> colours(ring.links.resources(), 1);
    ring.bundles.sum_down(colours);
    const std::uint64_t before = ring.bundles.colour_of(across);
    CHECK(before == ring.bundles.colour_of(back));
    colours[ring.resource(0, 1)] = 2;
    ring.bundles.sum_down(colours);
    CHECK(ring.bundles.colour_of(across) != before);
    CHECK(ring.bundles.colour_of(back) == before);
}

// Messages once around a ring of four: while all cards are alike they are one class; with one of another program each is
// a class of its own, by its distance from that one. A defect spreads a hop a round.
TEST_CASE("a refinement ends when nothing splits, or when it may go no further") {
    const auto refine = [](std::uint64_t first_program, std::size_t most, std::size_t work) {
        Ring ring;
        Refinement refinement(ring.bundles, 4, {first_program, 0, 0, 0},
                              std::vector<std::uint64_t>(ring.links.resources(), 1));
        for (std::uint32_t card = 0; card < 4; ++card) {
            refinement.add_connection({card, (card + 1) % 4, Refinement::kNoGroup, ring.bundle(card, (card + 1) % 4)},
                                      1);
        }
        const Refinement::Outcome outcome = refinement.run(most, work);
        return std::pair{outcome, refinement.card_classes()};
    };
    using Outcome = Refinement::Outcome;
    CHECK(refine(0, 2, Refinement::kWorkMax) == std::pair{Outcome::stable, std::size_t{1}});
    CHECK(refine(1, 4, Refinement::kWorkMax) == std::pair{Outcome::stable, std::size_t{4}});
    CHECK(refine(1, 2, Refinement::kWorkMax).first == Outcome::too_many);
    CHECK(refine(1, 4, 0).first == Outcome::too_long);  // one round: not known yet whether it was the last
}

// Rank 0 runs for four that all send to each other: it sends to one of the three, and gets one message for three.
TEST_CASE("a runner sends once for each class of its connections") {
    const auto whole = make_schedule(CollectiveOp::all_reduce, CollectiveAlgorithm::direct, 4);
    const FoldedSeats all_alike{{0, 0, 0, 0}, {{1}, {}, {}, {}}};
    const QuotientSchedule one(*whole, all_alike);
    CHECK(one.steps() == 2);
    std::vector<Transfer> sent;
    one.sends(0, 0, sent);
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].peer == 1);
    CHECK(sent[0].first_chunk == 1);
    CHECK(one.receives(0, 0) == 1);

    // Two classes of two: 0 and 1 alike, 2 and 3 alike; over three connections each, the other of the class and both others
    // as one.
    const FoldedSeats pairs{{0, 0, 2, 2}, {{1, 2}, {}, {0, 3}, {}}};
    const QuotientSchedule two(*whole, pairs);
    two.sends(2, 1, sent);
    CHECK(sent.size() == 2);
    CHECK(two.receives(0, 1) == 2);
    CHECK(two.receives(2, 1) == 2);
}
