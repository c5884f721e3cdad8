#include "app/result/explanation_json.h"
#include "app/result/explanation_text.h"
#include "app/result/result_json.h"
#include "sim/error/error.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace myriad;
using Json = nlohmann::json;

namespace {

// A step of 100 ms: 41 ms expert exchange over NICs, 30 ms matrix units of which 2 ms launches, 20 ms HBM, 9 ms messages.
Explanation example() {
    Explanation e;
    e.step = ms(100);
    e.ranks = 64;
    e.running_ranks = 64;
    e.recorded_ranks = 64;
    e.hops = 7;
    e.path = {{PathCategory::network, GroupKind::expert, LinkTier::nic, ms(41), ms(0), "all_to_all"},
              {PathCategory::matrix, GroupKind::none, LinkTier::none, ms(30), ms(2), ""},
              {PathCategory::hbm, GroupKind::none, LinkTier::none, ms(20), ms(0), ""},
              {PathCategory::network, GroupKind::none, LinkTier::nic, ms(9), us(10), ""}};
    e.operators = {{"mlp_up", PathCategory::matrix, ms(30)}, {"swiglu", PathCategory::hbm, ms(20)}};
    e.bounds = {{Change::nic, ms(25), ms(0), ms(0)},
                {Change::icn, ms(20), ms(20), ms(0)},
                {Change::matrix, ms(14), ms(0), ms(0)},
                {Change::launch, ms(2), ms(0), ms(0)}};
    e.groups = {{GroupKind::expert, ms(60), ms(40), ms(5)}, {GroupKind::none, ms(9), ms(9), ms(0)}};
    return e;
}

ExplainedResult read_back(const Json& json) { return read_explained_result("r.json", json.dump(2)); }
Json result_of(const Explanation& explanation) {
    return {
        {"schema", kResultSchema},
        {"title", "a step"},
        {"cluster", "ppu-64"},
        {"training", {{"model", "qwen3"}, {"cards", 64}, {"explanation", Json::parse(explanation_json(explanation))}}}};
}

}  // namespace

TEST_CASE("the words say the largest share first and advise where a bound was computed") {
    const std::vector<std::string> lines = explain_step(example());
    REQUIRE(lines.size() == 6);
    CHECK(lines[0] ==
          "41.0 % of the step is exposed expert-parallel communication (mostly all_to_all) over NICs: twice the NIC "
          "bandwidth would save at most 25.0 %");
    CHECK(lines[1] ==
          "28.0 % of the step is kernels paced by the matrix units (mlp_up 30.0 %): twice the peak of the matrix units "
          "would "
          "save at most 14.0 %");
    CHECK(lines[2] == "20.0 % of the step is kernels paced by HBM (swiglu 20.0 %)");  // no bound, no advice
    CHECK(lines[3] == "9.0 % of the step are exposed pipeline messages over NICs, too");
    CHECK(lines[4] == "2.0 % of the step are launches of kernels: launches that cost nothing would save at most 2.0 %");
    CHECK(lines[5] == "expert-parallel communication: 33.3 % of 60 ms is hidden beside kernels");
}

TEST_CASE("a part of a bound that rests on what is not known is told") {
    Explanation e = example();
    e.bounds[0].unknown = ms(4);
    e.bounds[0].slower_elsewhere = ms(6);
    CHECK_THAT(
        explain_step(e).front(),
        Catch::EndsWith("save at most 25.0 %, of that 6.0 % in groups that other links hold up more, of that 4.0 % "
                        "because it is not known what late peers did"));
}

TEST_CASE("bubbles and what nobody recorded have lines of their own; what rounds to nothing has none") {
    Explanation e = example();
    e.path.push_back({PathCategory::late, GroupKind::tensor, LinkTier::none, ms(3), ms(0), ""});
    e.path.push_back({PathCategory::idle, GroupKind::none, LinkTier::none, us(50), ms(0), ""});
    e.path.push_back({PathCategory::network, GroupKind::model, LinkTier::icn, us(49), ms(0), ""});
    e.bubble = ms(12);
    e.bounds.push_back({Change::bubble, ms(10), ms(0), ms(0)});
    const std::vector<std::string> lines = explain_step(e);
    CHECK(
        lines[3] ==
        "a card is in bubbles for 12.0 % of the step on average: a pipeline without bubbles would save at most 10.0 %");
    CHECK(lines[5] == "3.0 % of the step waits for ranks that were not recorded (tensor-parallel communication)");
    CHECK(lines[7] == "0.1 % of the step nothing was recorded on the path");
    CHECK(lines.size() == 9);
}

TEST_CASE("the summary has the first lines, or why there are none") {
    TrainingReport training;
    CHECK(explanation_lines(training, 3).empty());
    training.unexplained = "not explained: 5 spans found no room";
    CHECK(explanation_lines(training, 3) == "why          not explained: 5 spans found no room\n\n");
    training.explanation = example();
    const std::string text = explanation_lines(training, 2);
    CHECK_THAT(text, Catch::StartsWith("why          - 41.0 %"));
    CHECK_THAT(text, Catch::Contains("- 28.0 %"));
    CHECK_THAT(text, !Catch::Contains("- 20.0 %"));
}

TEST_CASE("an explanation reads back from JSON as it was written") {
    Explanation e = example();
    e.bubble = ms(12);
    e.least_bubble = ms(10);
    e.path.push_back({PathCategory::late, GroupKind::tensor, LinkTier::none, ms(3), ms(0), ""});
    const ExplainedResult read = read_back(result_of(e));
    CHECK(read.explanation == e);
    CHECK(read.model == "qwen3");
    CHECK(read.cards == 64);
    const Json json = Json::parse(read.json);
    CHECK(json.at("bounds")[0].at("step_at_least_ps") == ms(75).count());
    CHECK(json.at("communication")[0].at("hidden_ps") == ms(20).count());
    CHECK(json.at("words").size() == explain_step(e).size());
}

TEST_CASE("what is wrong with a result is told with its place") {
    const auto message = [](const Json& json) {
        try {
            read_back(json);
        } catch (const UserError& error) {
            return std::string(error.what());
        }
        return std::string("nothing is wrong");
    };
    Json other = result_of(example());
    other["schema"] = "myriad-result/9";
    CHECK(message(other) ==
          "r.json:1:1: error: the schema is \"myriad-result/9\", expected \"myriad-result/1\" as "
          "'myriad run' writes it");
    Json collective = result_of(example());
    collective.erase("training");
    CHECK_THAT(message(collective), Catch::StartsWith("r.json:1:1: error: this is the result of another workload"));
    Json without = result_of(example());
    without["training"].erase("explanation");
    CHECK_THAT(message(without), Catch::Contains("the step is not explained here"));
    Json word = result_of(example());
    word["training"]["explanation"]["bounds"][0]["change"] = "nik";
    CHECK_THAT(message(word), Catch::Contains("bounds[0].change: unknown word 'nik'; did you mean 'nic'?"));
    Json missing = result_of(example());
    missing["training"]["explanation"].erase("bubble");
    CHECK_THAT(message(missing), Catch::Contains("result.training.explanation has no 'bubble'"));
    Json negative = result_of(example());
    negative["training"]["explanation"]["step_ps"] = -1;
    CHECK_THAT(message(negative), Catch::Contains("step_ps is no whole number of at least 0"));
    Json text = result_of(example());
    text["training"]["explanation"]["step_ps"] = "long";
    CHECK_THAT(message(text), Catch::Contains(":"));
    Json exposed = result_of(example());
    exposed["training"]["explanation"]["communication"][0]["exposed_ps"] = ms(61).count();
    CHECK_THAT(message(exposed), Catch::Contains("more time is exposed than busy"));
    CHECK_THROWS_WITH(read_explained_result("r.json", "{\n \"schema\": }\n"),
                      Catch::StartsWith("r.json:2:12: error: this is not JSON"));
    CHECK_THROWS_WITH(read_explained_result("r.json", ""), Catch::StartsWith("r.json:1:1: error: this is not JSON"));
    CHECK_THROWS_WITH(read_explained_result("r.json", "[]"), Catch::Contains("the schema is not told"));
    // The place of a key that is there is where it stands: "hops" on a line of its own.
    Json hops = result_of(example());
    hops["training"]["explanation"]["path"]["hops"] = 1.5;
    const std::string dump = hops.dump(2);
    const auto line = 1 + std::count(dump.begin(), dump.begin() + static_cast<long>(dump.find("\"hops\"")), '\n');
    CHECK_THAT(message(hops), Catch::StartsWith("r.json:" + std::to_string(line) + ":"));
}

TEST_CASE("the tables add up to the step and say what a bound leaves of it") {
    std::string text;  // with one blank where there are several
    for (const char c : explanation_text(example())) {
        text += c == ' ' && text.ends_with(' ') ? "" : std::string(1, c);
    }
    CHECK_THAT(text, Catch::Contains("Critical path (7 hops from rank to rank; it adds up to the step)"));
    CHECK_THAT(text, Catch::Contains("network expert-parallel communication, NICs 41 ms 41.0 %"));
    CHECK_THAT(text, Catch::Contains("twice the NIC bandwidth 25 ms 25.0 % 75 ms"));
    CHECK_THAT(text, Catch::Contains("Communication (mean over 64 cards)"));
    CHECK_THAT(text, Catch::Contains("expert-parallel communication 60 ms 40 ms 5 ms 20 ms"));
    CHECK_THAT(text, !Catch::Contains("too many spans"));
    Explanation few = example();
    few.recorded_ranks = 4;
    CHECK_THAT(explanation_text(few), Catch::Contains("too many spans to keep: those of 4 of 64 cards"));
}

TEST_CASE("where identical cards ran once, those that ran stand for all") {
    Explanation folded = example();
    folded.running_ranks = 4;
    folded.recorded_ranks = 4;
    CHECK_THAT(explanation_text(folded), Catch::Contains("(mean over the 4 of 64 cards that ran)"));
    CHECK_THAT(explanation_text(folded), !Catch::Contains("too many spans"));
}
