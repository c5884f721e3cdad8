// Patterns of traffic: who sends to whom.

#include "workloads/traffic/traffic.h"

#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace myriad;

namespace {

TrafficSpec of(TrafficPattern pattern, std::uint32_t cards) {
    TrafficSpec spec;
    spec.pattern = pattern;
    spec.size = Bytes{1'000};
    for (std::uint32_t c = 0; c < cards; ++c) {
        spec.cards.push_back(CardId{100 + c});
    }
    return spec;
}

std::map<CardId, int> count(const std::vector<TrafficFlow>& flows, CardId TrafficFlow::*end) {
    std::map<CardId, int> counts;
    for (const TrafficFlow& flow : flows) {
        CHECK(flow.from != flow.to);
        ++counts[flow.*end];
    }
    return counts;
}

}  // namespace

TEST_CASE("in a permutation each card sends once and receives once, from another") {
    for (const std::uint32_t cards : {2u, 3u, 17u}) {
        const auto flows = make_traffic(of(TrafficPattern::permutation, cards));
        CHECK(flows.size() == cards);
        CHECK(count(flows, &TrafficFlow::from).size() == cards);
        CHECK(count(flows, &TrafficFlow::to).size() == cards);
    }
}

TEST_CASE("a shift wraps around") {
    TrafficSpec spec = of(TrafficPattern::shift, 5);
    spec.shift = 2;
    const auto flows = make_traffic(spec);
    REQUIRE(flows.size() == 5);
    CHECK(flows[0].to == CardId{102});
    CHECK(flows[4].to == CardId{101});
}

TEST_CASE("incast is towards the first card, an all-to-all has every ordered pair") {
    const auto incast = make_traffic(of(TrafficPattern::incast, 4));
    CHECK(count(incast, &TrafficFlow::to) == std::map<CardId, int>{{CardId{100}, 3}});
    const auto all = make_traffic(of(TrafficPattern::all_to_all, 4));
    std::set<std::pair<CardId, CardId>> pairs;
    for (const TrafficFlow& flow : all) {
        pairs.emplace(flow.from, flow.to);
    }
    CHECK(all.size() == 12);
    CHECK(pairs.size() == 12);
}

TEST_CASE("random sizes have their mean; the seed names the outcome") {
    TrafficSpec spec = of(TrafficPattern::random, 8);
    spec.flows = 20'000;
    spec.distribution = SizeDistribution::exponential;
    const auto flows = make_traffic(spec);
    std::int64_t total = 0;
    for (const TrafficFlow& flow : flows) {
        total += flow.size.count();
    }
    // The mean of 20,000 exponential draws is off by 1 / sqrt(20,000) = 0.7 % (one sigma); 4 % is more than five.
    CHECK(static_cast<double>(total) / 20'000.0 == Approx(1'000.0).epsilon(0.04));
    const auto again = make_traffic(spec);
    CHECK(again.back().size == flows.back().size);
    spec.seed = 2;
    CHECK(make_traffic(spec).front().size != flows.front().size);
}

TEST_CASE("a hotspot takes its share") {
    TrafficSpec spec = of(TrafficPattern::hotspot, 100);
    spec.flows = 10'000;
    spec.hot_share = 0.3;
    // 30 % and one in 100 of the rest: 30.7 %, sigma 0.46 %.
    CHECK(count(make_traffic(spec), &TrafficFlow::to)[CardId{100}] == Approx(3'070).margin(250));
}
