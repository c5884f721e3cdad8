// Lanes of ranks made small enough to be drawn.

#include "app/activity/rank_activity.h"
#include "app/activity/rank_log.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

Slice slice(std::int64_t begin, std::int64_t end, std::string_view label = "gemm") {
    Slice one;
    one.begin = TimePoint{Picoseconds{begin}};
    one.end = TimePoint{Picoseconds{end}};
    one.label = label;
    one.kind = "compute";
    return one;
}

}  // namespace

TEST_CASE("messages are noted of the cards that are watched, at both ends") {
    RankLog log({{5, CardId{2}}, {7, CardId{3}}});
    log.on_message(CardId{2}, CardId{3}, Bytes{10}, TimePoint{Picoseconds{1}}, TimePoint{Picoseconds{4}});
    log.on_message(CardId{0}, CardId{2}, Bytes{20}, TimePoint{Picoseconds{2}}, TimePoint{Picoseconds{3}});
    log.on_message(CardId{0}, CardId{1}, Bytes{30}, TimePoint{Picoseconds{2}}, TimePoint{Picoseconds{3}});
    const std::vector<TimelineLane> lanes = log.lanes();
    REQUIRE(lanes.size() == 3);
    CHECK(lanes[0].rank == 5);
    CHECK(lanes[0].name == "messages sent");
    CHECK(lanes[0].slices.front().to_card == 3);
    CHECK(lanes[1].name == "messages received");
    CHECK(lanes[1].slices.front().from_card == 0);
    CHECK(lanes[1].slices.front().bytes == 20);
    CHECK(lanes[2].rank == 7);
    CHECK(lanes[2].slices.front().from_card == 2);
}

TEST_CASE("a lane that is full keeps all of its time in fewer slices") {
    RankLog log({{0, CardId{0}}}, 100);
    for (std::int64_t i = 0; i < 1000; ++i) {
        log.add(0, "kernels", slice(10'000 * i, 10'000 * i + 10'000));
    }
    const std::vector<TimelineLane> lanes = log.lanes();
    REQUIRE(lanes.size() == 1);
    CHECK(lanes[0].slices.size() <= 100);
    std::int64_t joined = 0;
    Picoseconds time{0};
    for (const Slice& one : lanes[0].slices) {
        joined += one.joined;
        time += one.end - one.begin;
    }
    CHECK(joined == 1000);
    CHECK(time == Picoseconds{10'000'000});
}

TEST_CASE("rows have slices that do not overlap, few enough, with the resolution said") {
    TimelineLane lane{3, "kernels", {}};
    for (std::int64_t i = 0; i < 64; ++i) {
        lane.slices.push_back(slice(2'000 * i, 2'000 * i + 3'000));  // each into the next: one
    }
    lane.slices.push_back(slice(1'000'000, 1'010'000, "norm"));
    RankActivity all = rank_activity({{3, 0, "rank 3", {}}}, {lane, {4, "kernels", lane.slices}});
    REQUIRE(all.rows.size() == 1);
    REQUIRE(all.rows[0].lanes.size() == 1);  // that of rank 4 is not asked for
    REQUIRE(all.rows[0].lanes[0].slices.size() == 2);
    CHECK(all.resolution == Picoseconds{0});
    CHECK(all.rows[0].lanes[0].slices[0].duration == Picoseconds{2'000 * 63 + 3'000});
    CHECK(all.labels[all.rows[0].lanes[0].slices[1].label].name == "norm");

    TimelineLane apart{3, "kernels", {}};
    for (std::int64_t i = 0; i < 64; ++i) {
        apart.slices.push_back(slice(10'000 * i, 10'000 * i + 9'000));
    }
    const RankActivity few = rank_activity({{3, 0, "rank 3", {}}}, {apart}, 10);
    CHECK(few.rows[0].lanes[0].slices.size() <= 10);
    CHECK(few.resolution > Picoseconds{0});
    const auto& last = few.rows[0].lanes[0].slices.back();
    CHECK(last.start + last.duration == Picoseconds{639'000});
}

TEST_CASE("ranks are picked evenly, the first and the last among them") {
    CHECK(evenly(16, 4) == std::vector<std::int64_t>{0, 5, 10, 15});
    CHECK(evenly(3, 8) == std::vector<std::int64_t>{0, 1, 2});
    CHECK(evenly(5, 1) == std::vector<std::int64_t>{0});
}
