// Results of two levels side by side.

#include "app/fidelity/ladder.h"
#include "sim/error/error.h"

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

using namespace myriad;

namespace {

// What the ladder reads of a result.json: compute 8 ms times `factor`, 1 ms of each kind of waiting.
std::string result_of(std::int64_t factor, bool interference, const std::string& operators) {
    const auto kind = [](std::int64_t ps) { return R"({"mean_ps": )" + std::to_string(ps) + "}"; };
    constexpr std::int64_t kMs = 1'000'000'000;
    return R"({"title": "T", "cluster": "c", "fidelity": {"interference": )" +
           std::string(interference ? "true" : "false") + R"(}, "training": {"step_time_ps": )" +
           std::to_string((8 * factor + 6) * kMs) + R"(, "operators": )" + operators +
           R"(, "time_per_card": {"compute": )" + kind(8 * factor * kMs) + R"(, "tensor": )" + kind(kMs) +
           R"(, "pipeline": )" + kind(kMs) + R"(, "data": )" + kind(kMs) + R"(, "model": )" + kind(kMs) +
           R"(, "bubble": )" + kind(kMs) + R"(, "optimizer": )" + kind(kMs) + "}}}";
}

Ladder sample() {
    return ladder_of({"roofline", "tile"},
                     {result_of(1, false,
                                R"([{"name": "qkv", "mean_per_card_ps": 5000000000},
                                    {"name": "norm", "mean_per_card_ps": 3000000000}])"),
                      result_of(2, true,
                                R"([{"name": "norm", "mean_per_card_ps": 6000000000, "limit": "hbm", "why": []},
                                    {"name": "qkv", "mean_per_card_ps": 10000000000, "limit": "tensor",
                                     "why": ["2.00x of something"]}])")});
}

}  // namespace

TEST_CASE("operators are joined by name, the largest of the finest level first") {
    const Ladder ladder = sample();
    REQUIRE(ladder.operators.size() == 2);
    CHECK(ladder.operators[0].name == "qkv");
    CHECK(ladder.operators[0].cells[0].time == ms(5));
    CHECK(ladder.operators[0].cells[1].time == ms(10));
    CHECK(ladder.operators[0].ratio() == 2.0);
    CHECK(ladder.operators[1].cells[1].limit == "hbm");
    CHECK(ladder.levels == std::vector<std::string>{"roofline", "tile, with interference"});
    REQUIRE(ladder.totals.size() == 5);
    CHECK(ladder.totals[1].cells[0].time == ms(4));  // tensor, pipeline, data, model
    CHECK(ladder.totals[4].cells[1].time == ms(22));
}

TEST_CASE("an operator that one level lacks takes no time there") {
    const Ladder ladder = ladder_of(
        {"a", "b"}, {result_of(1, false, "[]"), result_of(1, false, R"([{"name": "x", "mean_per_card_ps": 7}])")});
    REQUIRE(ladder.operators.size() == 1);
    CHECK(ladder.operators[0].cells[0].time == ps(0));
    CHECK(ladder.operators[0].ratio() == 0.0);
}

TEST_CASE("text and JSON of a ladder") {
    CHECK(ladder_text(sample()) == R"(T

cluster      c
levels       roofline
             tile, with interference

  mean over cards        roofline   tile  ratio  limit
  compute                    8 ms  16 ms   2.00
    qkv                      5 ms  10 ms   2.00  tensor
    norm                     3 ms   6 ms   2.00  hbm
  exposed communication      4 ms   4 ms   1.00
  bubble                     1 ms   1 ms   1.00
  optimizer                  1 ms   1 ms   1.00
  step                      14 ms  22 ms   1.57

Why, at level tile: factors against the ideal, operators above 1.0 %
  qkv
    2.00x of something
)");
    const auto json = nlohmann::json::parse(ladder_json(sample()));
    CHECK(json["operators"][0]["levels"][1]["limit"] == "tensor");
    CHECK(json["totals"][4]["levels"][0]["time_ps"] == 14'000'000'000);
}

TEST_CASE("what goes wrong at a level is thrown as what it is") {
    const LadderLevel good{"good", [] { return result_of(1, false, "[]"); }};
    CHECK_THROWS_AS(run_ladder({good, {"bad", []() -> std::string { throw UserError("no such type"); }}}), UserError);
    CHECK_THROWS_WITH(run_ladder({{"bad", []() -> std::string { throw UserError("no such type"); }}}),
                      "error: no such type");
    CHECK_THROWS_AS(run_ladder({{"bad", []() -> std::string { throw LawError("a", "b", "c"); }}}), LawError);
    CHECK(run_ladder({good, good}).levels.size() == 2);
}
