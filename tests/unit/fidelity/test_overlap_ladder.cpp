// An overlap at several levels, from made-up results whose differences are known.

#include "app/fidelity/overlap_ladder.h"

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

using namespace myriad;

namespace {

using Json = nlohmann::json;

constexpr std::int64_t kUs = 1'000'000;

Json use_of(std::int64_t carried, std::int64_t messages, std::int64_t link) {
    return {{"carried_bytes", carried}, {"messages", messages}, {"busiest_link_ps", link}};
}

Json live_of(double slice_mean, double slice_most, double hbm, double row_hits, std::int64_t hbm_bytes) {
    return {{"bytes",
             {{"cache_read_bytes", 8000},
              {"cache_hit_bytes", 4000},
              {"hbm_read_bytes", hbm_bytes},
              {"hbm_written_bytes", 0}}},
            {"barriers", 0},
            {"barrier_wait_ps", 0},
            {"slice_busy_mean", slice_mean},
            {"slice_busy_most", slice_most},
            {"hbm_busy_mean", hbm},
            {"hbm_busy_most", hbm},
            {"row_hits", row_hits}};
}

Json result_of(const char* card, Json parts, Json use) {
    return {{"title", "T"},
            {"cluster", "c"},
            {"fidelity", {{"card", card}, {"interference", std::string(card) == "tile"}}},
            {"algorithms", {{{"algorithm", "direct"}}}},
            {"overlap", {{"parts", std::move(parts)}, {"use", std::move(use)}, {"together_ps", 200 * kUs}}}};
}

Json part_of(const char* what, std::int64_t size, std::int64_t launch, std::int64_t alone, std::int64_t together,
             Json use) {
    return {{"what", what},
            {"size_bytes", size},
            {"launch_ps", launch * kUs},
            {"alone_ps", alone * kUs},
            {"together_ps", together * kUs},
            {"use", std::move(use)}};
}

// The all-reduce: 100 us of messages. Live: 3 us of launch, 4 us more of links, 2 us of barriers, 1 us of nothing = 110;
// with the GEMM 150, 40 more. The GEMM: tile 200 us, live 210.
Json tile() {
    Json result = result_of("tile",
                            {part_of("all_reduce", 1000, 0, 100, 100, use_of(10000, 10, 90 * kUs)),
                             part_of("gemm", 0, 3, 200, 200, use_of(0, 0, 0))},
                            use_of(10000, 10, 90 * kUs));
    result["overlap"]["kernel"] = {{"why", {"1.25x wave quantisation"}},
                                   {"cache_read_bytes", 2000},
                                   {"cache_hit_bytes", 1000},
                                   {"hbm_read_bytes", 1000},
                                   {"hbm_written_bytes", 0},
                                   {"row_hits", 0.9}};
    return result;
}

Json live() {
    Json communication = use_of(10500, 1000, 94 * kUs);
    communication["live"] = live_of(0.1, 0.1, 0.2, 0.9, 1);
    communication["live"]["barriers"] = 3;
    communication["live"]["barrier_wait_ps"] = 2 * kUs;
    Json gemm = use_of(0, 0, 0);
    gemm["live"] = live_of(0.6, 0.9, 0.2, 0.8, 4000);  // four cards, each as tile says
    Json together = use_of(10500, 1000, 94 * kUs);
    together["live"] = live_of(0.7, 0.95, 0.3, 0.8, 4001);
    return result_of("live",
                     {part_of("all_reduce", 1000, 3, 110, 150, std::move(communication)),
                      part_of("gemm", 0, 3, 210, 210, std::move(gemm))},
                     std::move(together));
}

OverlapLadder sample() { return overlap_ladder_of({"tile", "live"}, {tile().dump(), live().dump()}, {"x: too large"}); }

}  // namespace

TEST_CASE("each part has a row alone and a row together, with ratios to the judge") {
    const OverlapLadder ladder = sample();
    REQUIRE(ladder.rows.size() == 4);
    CHECK(ladder.rows[1].name == "all_reduce, together");
    CHECK(ladder.rows[1].cells[0].time == us(100));
    CHECK(ladder.ratio(1, 0) == Approx(100.0 / 150.0));
    CHECK(ladder.ratio(1, 1) == 1.0);
    CHECK(ladder.levels == std::vector<std::string>{"tile, with interference", "live"});
}

TEST_CASE("a difference of communication is split into launch, links, barriers and a rest") {
    const OverlapLadder ladder = sample();
    CHECK(ladder.findings.at(0).causes ==
          std::vector<std::string>{
              "+3 us launch, start and end of a kernel; messages at tile need none",
              "+4 us on links: the busiest sends for 94 us, 90 us at tile; accesses are 1,000 messages instead of 10, "
              "requests and flags add 5.00 % to the bytes",
              "+2 us in 3 barriers, on the card that waited longest; tile has none",
              "+1 us that no figure names; not a queue at memory: the busiest cache slice is busy 10.0 %, the busiest "
              "HBM channel 20.0 %"});
}

TEST_CASE("what the other parts add is told apart from what is off alone") {
    const OverlapLadder ladder = sample();
    CHECK(ladder.findings.at(1).causes ==
          std::vector<std::string>{"+10 us alone already",
                                   "+40 us by the others: it takes +36.4 % at live, +0.0 % at tile",
                                   "of what all parts use, cache slices are busiest: from the common start to the last "
                                   "end the busiest cache slice is busy 95.0 %, the busiest HBM channel 30.0 %"});
}

TEST_CASE("a kernel is told by counts of both levels and by shares that are not even") {
    const OverlapLadder ladder = sample();
    CHECK(ladder.findings.at(2).causes ==
          std::vector<std::string>{
              "+10 us in its body: 207 us, 197 us at tile",
              "differs, cause or not: row hits, 80.0 % of the bursts at live, 90.0 % at tile",
              "uneven shares, which tile takes as even: the busiest cache slice is busy 90.0 %, the mean 60.0 %",
              "not for want of HBM channels: the busiest HBM channel is busy 20.0 %, the mean 20.0 %",
              "the same at both within 0.5 %: HBM bytes, cache hits"});
}

TEST_CASE("another schedule is named where it moves the links") {
    Json other = tile();
    other["algorithms"][0]["algorithm"] = "ring";
    const OverlapLadder ladder = overlap_ladder_of({"tile", "live"}, {other.dump(), live().dump()}, {});
    CHECK(ladder.findings.at(0).causes.at(1) ==
          "+4 us on links: the busiest sends for 94 us, 90 us at tile; the schedules differ, direct against ring");
}

TEST_CASE("levels that agree have nothing to explain") {
    const OverlapLadder ladder = overlap_ladder_of({"tile", "live"}, {live().dump(), live().dump()}, {});
    CHECK(ladder.findings.empty());
    CHECK_THAT(overlap_ladder_text(ladder), Catch::Contains("No level is off by more than 0.5 % of live."));
}

TEST_CASE("the table of an overlap, and its JSON") {
    const std::string text = overlap_ladder_text(sample());
    CHECK(text.substr(0, text.find("\nWhere")) == R"(T

cluster      c
levels       tile, with interference
             live
left out     x: too large

  part                    tile    live  tile / live
  all_reduce, alone     100 us  110 us        0.909
  all_reduce, together  100 us  150 us        0.667
  gemm, alone           200 us  210 us        0.952
  gemm, together        200 us  210 us        0.952
)");
    CHECK_THAT(text, Catch::Contains("\n  all_reduce, together: tile 50 us too short, 0.667 of live\n"));
    const Json json = Json::parse(overlap_ladder_json(sample()));
    CHECK(json["judge"] == "live");
    CHECK(json["left_out"][0] == "x: too large");
    CHECK(json["parts"][3]["levels"][1]["time_ps"] == 210 * kUs);
    CHECK(json["findings"].size() == 4);
}

TEST_CASE("levels that say the same are told once") {
    Json coarse = tile();
    coarse["fidelity"]["card"] = "roofline";
    coarse["overlap"].erase("kernel");
    const OverlapLadder ladder =
        overlap_ladder_of({"roofline", "tile", "live"}, {coarse.dump(), tile().dump(), live().dump()}, {});
    CHECK_THAT(overlap_ladder_text(ladder),
               Catch::Contains("all_reduce, alone: roofline and tile 10 us too short, 0.909 of live"));
    // Of the roofline's GEMM, the tile level knows why it is not ideal.
    REQUIRE(ladder.findings.size() == 8);
    CHECK(ladder.findings[4].causes.back() == "tile, against the ideal: 1.25x wave quantisation");
}
