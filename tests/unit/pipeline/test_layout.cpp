#include "sim/random/random_stream.h"
#include "workloads/training/layout.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace myriad;

namespace {

constexpr GroupKind kKinds[] = {GroupKind::none,          GroupKind::tensor,      GroupKind::context,
                                GroupKind::expert,        GroupKind::data,        GroupKind::model,
                                GroupKind::expert_tensor, GroupKind::expert_data, GroupKind::expert_server,
                                GroupKind::expert_rail};

using Ranks = std::vector<std::int64_t>;

DimensionOrder order_of(std::string_view text) {
    DimensionOrder order{};
    REQUIRE(parse_order(text, order).empty());
    return order;
}

std::vector<Ranks> all_groups(const Layout& layout, GroupKind kind) {
    std::vector<Ranks> groups;
    for (std::int64_t group = 0; group < layout.groups(kind); ++group) {
        groups.push_back(layout.members(kind, group));
    }
    return groups;
}

// What a kind of group means, said by places: whether two ranks are in one group.
bool together(GroupKind kind, const RankPlace& a, const RankPlace& b, std::int64_t server) {
    switch (kind) {
        case GroupKind::none:
            return a == b;
        case GroupKind::tensor:
            return a.cp == b.cp && a.dp == b.dp && a.pp == b.pp;
        case GroupKind::context:
            return a.tp == b.tp && a.dp == b.dp && a.pp == b.pp;
        case GroupKind::data:
            return a.tp == b.tp && a.pp == b.pp;
        case GroupKind::model:
            return a.dp == b.dp;
        case GroupKind::expert:
            return a.etp == b.etp && a.edp == b.edp && a.pp == b.pp;
        case GroupKind::expert_server:
            return together(GroupKind::expert, a, b, server) && a.ep / server == b.ep / server;
        case GroupKind::expert_rail:
            return together(GroupKind::expert, a, b, server) && a.ep % server == b.ep % server;
        case GroupKind::expert_tensor:
            return a.ep == b.ep && a.edp == b.edp && a.pp == b.pp;
        case GroupKind::expert_data:
            return a.ep == b.ep && a.etp == b.etp && a.pp == b.pp;
        case GroupKind::embedding:
            break;
    }
    return a.tp == b.tp && a.cp == b.cp && a.dp == b.dp;
}

}  // namespace

TEST_CASE("the default order has tensor innermost and pipeline outermost") {
    // rank = tp + 2 dp + 4 pp.
    const Layout layout({.tensor = 2, .data = 2, .pipeline = 2});
    CHECK(layout.place_of(5) == RankPlace{.tp = 1, .dp = 0, .pp = 1, .etp = 0, .edp = 1});
    CHECK(layout.rank_of({.tp = 1, .dp = 1, .pp = 0}) == 3);
    CHECK(layout.at_stage(7, 0) == 3);
    CHECK(all_groups(layout, GroupKind::tensor) == std::vector<Ranks>{{0, 1}, {2, 3}, {4, 5}, {6, 7}});
    CHECK(all_groups(layout, GroupKind::data) == std::vector<Ranks>{{0, 2}, {1, 3}, {4, 6}, {5, 7}});
    CHECK(all_groups(layout, GroupKind::model) == std::vector<Ranks>{{0, 1, 4, 5}, {2, 3, 6, 7}});
    CHECK(all_groups(layout, GroupKind::embedding) == std::vector<Ranks>{{0, 4}, {1, 5}, {2, 6}, {3, 7}});
    CHECK(layout.group_of(GroupKind::data, 7) == 3);
    CHECK(layout.index_in(GroupKind::data, 7) == 1);
    CHECK(layout.size(GroupKind::model) == 4);
    CHECK(layout.pipelines_agree());
}

TEST_CASE("orders put dimensions elsewhere") {
    // "tp-pp-dp", sizes 2, 2, 2: dp groups 0 4, 1 5, 2 6, 3 7, as in the comment of Megatron-core's RankGenerator.
    const Layout layout({.tensor = 2, .data = 2, .pipeline = 2, .order = order_of("tp-cp-ep-pp-dp")});
    CHECK(all_groups(layout, GroupKind::data) == std::vector<Ranks>{{0, 4}, {1, 5}, {2, 6}, {3, 7}});
    CHECK(layout.at_stage(0, 1) == 2);
    // Its other example: tp 2, dp 3, pp 4: dp group 7 is 19, 21, 23.
    const Layout larger({.tensor = 2, .data = 3, .pipeline = 4});
    CHECK(larger.members(GroupKind::data, 7) == Ranks{19, 21, 23});
}

TEST_CASE("data groups hold all context-parallel ranks, in ascending order") {
    // rank = tp + 2 cp + 4 dp: of tp 1, cp and dp count 1 3 5 7. With cp behind dp the ranks are the same.
    const Layout layout({.tensor = 2, .context = 2, .data = 2});
    CHECK(layout.members(GroupKind::data, 1) == Ranks{1, 3, 5, 7});
    CHECK(layout.members(GroupKind::context, 3) == Ranks{5, 7});
    CHECK(layout.members(GroupKind::model, 1) == Ranks{4, 5, 6, 7});
    const Layout other({.tensor = 2, .context = 2, .data = 2, .order = order_of("tp-dp-cp-ep-pp")});
    CHECK(other.members(GroupKind::data, 1) == Ranks{1, 3, 5, 7});
    CHECK(other.members(GroupKind::context, 0) == Ranks{0, 4});
}

TEST_CASE("experts of DeepSeek-V3 lie on 64 neighbouring ranks of a stage") {
    // PP16, EP64, DP128 on 2,048 cards: rank = dp + 128 pp; inside of experts rank = ep + 64 edp + 128 pp.
    const Layout layout({.data = 128, .pipeline = 16, .expert = 64});
    CHECK(layout.sizes().ranks() == 2048);
    CHECK(layout.sizes().expert_data() == 2);
    CHECK(layout.groups(GroupKind::expert) == 32);
    const Ranks experts = layout.members(GroupKind::expert, 3);  // the second of stage 1: 128 + 64 and on
    CHECK(experts.front() == 192);
    CHECK(experts.back() == 255);
    CHECK(layout.members(GroupKind::expert_data, 64) == Ranks{128, 192});
    CHECK(layout.place_of(200) == RankPlace{.dp = 72, .pp = 1, .ep = 8, .edp = 1});
    CHECK(layout.size(GroupKind::data) == 128);
    CHECK(layout.size(GroupKind::model) == 16);
    CHECK(layout.pipelines_agree());
}

TEST_CASE("an expert group is cut into servers and rails") {
    // EP 6 over servers of two: 0 1, 2 3, 4 5; the same place of each: 0 2 4, 1 3 5.
    const Layout layout({.data = 12, .expert = 6, .expert_server = 2});
    CHECK(all_groups(layout, GroupKind::expert_server) ==
          std::vector<Ranks>{{0, 1}, {2, 3}, {4, 5}, {6, 7}, {8, 9}, {10, 11}});
    CHECK(all_groups(layout, GroupKind::expert_rail) ==
          std::vector<Ranks>{{0, 2, 4}, {1, 3, 5}, {6, 8, 10}, {7, 9, 11}});
    // Expert-tensor ranks 0 1 hold the first expert's halves: experts 0 and 1 of a server are ranks 0 2, and so on.
    const Layout divided({.tensor = 2, .data = 4, .expert = 4, .expert_tensor = 2, .expert_server = 2});
    CHECK(all_groups(divided, GroupKind::expert_server) == std::vector<Ranks>{{0, 2}, {1, 3}, {4, 6}, {5, 7}});
    CHECK(all_groups(divided, GroupKind::expert_rail) == std::vector<Ranks>{{0, 4}, {1, 5}, {2, 6}, {3, 7}});
}

TEST_CASE("experts may take the ranks of tensor parallelism") {
    // TP 4, EP 8, ETP 1 on 8 ranks of a stage: rank = tp + 4 dp, and inside ep = rank. Ranks of one tensor group hold
    // different experts.
    const Layout layout({.tensor = 4, .data = 2, .pipeline = 2, .expert = 8});
    CHECK(layout.sizes().expert_data() == 1);
    CHECK(layout.members(GroupKind::expert, 1) == Ranks{8, 9, 10, 11, 12, 13, 14, 15});
    CHECK(layout.size(GroupKind::expert_tensor) == 1);
    CHECK(layout.size(GroupKind::expert_data) == 1);
    // ETP 2, EP 2 instead: inside rank = etp + 2 ep + 4 edp + 8 pp.
    const Layout both({.tensor = 4, .data = 2, .pipeline = 2, .expert = 2, .expert_tensor = 2});
    CHECK(both.members(GroupKind::expert, 1) == Ranks{1, 3});
    CHECK(both.members(GroupKind::expert_tensor, 1) == Ranks{2, 3});
    CHECK(both.members(GroupKind::expert_data, 1) == Ranks{1, 5});
    CHECK(both.place_of(14) == RankPlace{.tp = 2, .dp = 1, .pp = 1, .ep = 1, .etp = 0, .edp = 1});
}

TEST_CASE("only the first and the last stage share an embedding") {
    const Layout layout({.data = 2, .pipeline = 3});
    CHECK(all_groups(layout, GroupKind::embedding) == std::vector<Ranks>{{0, 4}, {1, 5}});
    CHECK(layout.group_of(GroupKind::embedding, 2) == -1);
    CHECK(layout.index_in(GroupKind::embedding, 3) == -1);
    CHECK(layout.index_in(GroupKind::embedding, 5) == 1);
    const Layout one_stage({.data = 2});
    CHECK(all_groups(one_stage, GroupKind::embedding) == std::vector<Ranks>{{0}, {1}});
}

TEST_CASE("pipelines seen from inside and outside of experts may differ") {
    // tp-cp-ep-pp-dp: outside pp has stride tp x cp = 2, inside etp x ep = 4.
    const DimensionOrder pipeline_before_data = order_of("tp-cp-ep-pp-dp");
    CHECK_FALSE(
        Layout({.tensor = 2, .data = 4, .pipeline = 2, .expert = 4, .order = pipeline_before_data}).pipelines_agree());
    // EP 2 instead of TP 2: the same stride.
    CHECK(
        Layout({.tensor = 2, .data = 4, .pipeline = 2, .expert = 2, .order = pipeline_before_data}).pipelines_agree());
    // One stage: nothing to agree about.
    CHECK(Layout({.tensor = 2, .data = 4, .expert = 4, .order = pipeline_before_data}).pipelines_agree());
}

TEST_CASE("an order is written as it is read") {
    CHECK(order_text(kDefaultOrder) == "tp-cp-ep-dp-pp");
    CHECK(order_of("tp-cp-ep-dp-pp") == kDefaultOrder);
    CHECK(order_text(order_of("pp-dp-ep-cp-tp")) == "pp-dp-ep-cp-tp");
}

TEST_CASE("an order that is none is told what is expected, and changes nothing") {
    DimensionOrder order = kDefaultOrder;
    const std::string expected = ", expected tp, cp, ep, dp and pp, each once, joined by '-'";
    CHECK(parse_order("tp-xp-ep-dp-pp", order) == "order 'tp-xp-ep-dp-pp' names 'xp'" + expected);
    CHECK(parse_order("tp-cp-ep-dp-tp", order) == "order 'tp-cp-ep-dp-tp' names 'tp' twice" + expected);
    CHECK(parse_order("tp-dp-pp", order) == "order 'tp-dp-pp' lacks 'cp'" + expected);
    CHECK(parse_order("tp-cp-ep-dp-pp-", order) == "order 'tp-cp-ep-dp-pp-' names ''" + expected);
    CHECK(parse_order("", order) == "order '' names ''" + expected);
    CHECK(parse_order("TP-cp-ep-dp-pp", order) == "order 'TP-cp-ep-dp-pp' names 'TP'" + expected);
    CHECK(order == kDefaultOrder);
}

TEST_CASE("random layouts partition the ranks by every kind of group") {
    const auto seed = GENERATE(range<std::uint64_t>(1, 201));
    RandomStream random(seed, "layout");
    LayoutSizes sizes;
    sizes.expert_server = random.integer(1, 3);
    const std::int64_t experts = sizes.expert_server * random.integer(1, 3);
    const std::int64_t expert_tensor = random.integer(1, 3);
    sizes.expert = experts;
    sizes.expert_tensor = expert_tensor;
    sizes.tensor = random.integer(1, 4);
    sizes.context = random.integer(1, 3);
    sizes.data = experts * expert_tensor * random.integer(1, 3);  // so that experts divide it
    sizes.pipeline = random.integer(1, 4);
    std::vector<Dimension> order(kDefaultOrder.begin(), kDefaultOrder.end());
    random.shuffle(order);
    std::copy(order.begin(), order.end(), sizes.order.begin());
    CAPTURE(seed, order_text(sizes.order), sizes.tensor, sizes.context, sizes.data, sizes.pipeline, experts,
            expert_tensor);
    const Layout layout(sizes);

    std::vector<RankPlace> places;
    for (std::int64_t rank = 0; rank < sizes.ranks(); ++rank) {
        const RankPlace place = layout.place_of(rank);
        CHECK(layout.rank_of(place) == rank);
        CHECK(std::find(places.begin(), places.end(), place) == places.end());
        places.push_back(place);
        RankPlace moved = place;
        moved.pp = random.integer(0, sizes.pipeline - 1);
        CHECK(layout.at_stage(rank, moved.pp) == layout.rank_of(moved));
    }
    for (const GroupKind kind : kKinds) {
        CAPTURE(static_cast<int>(kind));
        CHECK(layout.size(kind) * layout.groups(kind) == sizes.ranks());
        std::vector<int> seen(static_cast<std::size_t>(sizes.ranks()), 0);
        for (std::int64_t group = 0; group < layout.groups(kind); ++group) {
            const Ranks members = layout.members(kind, group);
            CHECK(members.size() == static_cast<std::size_t>(layout.size(kind)));
            CHECK(std::is_sorted(members.begin(), members.end()));
            for (std::size_t index = 0; index < members.size(); ++index) {
                ++seen[static_cast<std::size_t>(members[index])];
                CHECK(layout.group_of(kind, members[index]) == group);
                CHECK(layout.index_in(kind, members[index]) == static_cast<std::int64_t>(index));
            }
        }
        CHECK(std::all_of(seen.begin(), seen.end(), [](int times) { return times == 1; }));
    }
    // Pipelines agree exactly if moving along one leaves a rank's place inside of experts alone, whatever the stage.
    bool agree = true;
    for (std::int64_t rank = 0; rank < sizes.ranks(); ++rank) {
        for (std::int64_t stage = 0; stage < sizes.pipeline; ++stage) {
            const RankPlace here = layout.place_of(rank);
            const RankPlace there = layout.place_of(layout.at_stage(rank, stage));
            agree = agree && here.ep == there.ep && here.etp == there.etp && here.edp == there.edp;
        }
    }
    CHECK(layout.pipelines_agree() == agree);
    // A place has one stage only, so groups inside of experts can be told by places where pipelines agree.
    for (const GroupKind kind : kKinds) {
        const bool inside = kind == GroupKind::expert || kind == GroupKind::expert_tensor ||
                            kind == GroupKind::expert_data || kind == GroupKind::expert_server ||
                            kind == GroupKind::expert_rail;
        for (std::int64_t other = 0; other < sizes.ranks() && (agree || !inside); ++other) {
            const std::int64_t rank = random.integer(0, sizes.ranks() - 1);
            CAPTURE(static_cast<int>(kind), rank, other);
            CHECK((layout.group_of(kind, rank) == layout.group_of(kind, other)) ==
                  together(kind, places[static_cast<std::size_t>(rank)], places[static_cast<std::size_t>(other)],
                           sizes.expert_server));
        }
    }
}
