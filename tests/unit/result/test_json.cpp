#include "app/result/activity_json.h"
#include "app/result/manifest.h"
#include "app/result/result_json.h"
#include "tests/support/json_violation.h"
#include "tests/unit/result/inference_reports.h"
#include "tests/unit/result/reports.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace myriad {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

std::string violation(const Json& value) { return myriad::violation(result_schema(), value.dump()); }

// Whether every object below has its keys in order.
bool keys_sorted(const OrderedJson& value) {
    std::string last;
    for (const auto& [key, item] : value.items()) {
        if (value.is_object() && key < last) {
            return false;
        }
        last = key;
        if (item.is_structured() && !keys_sorted(item)) {
            return false;
        }
    }
    return true;
}

TEST_CASE("an activity is what its schema says, with and without a series") {
    Activity activity;
    activity.elapsed = us(3);
    activity.topology = {2, 1, {{"icn", "ICN inside servers", 2, BytesPerSecond{40}, 0.25, 1.0 / 3.0, {}}}, {}, {}};
    activity.topology.tiers[0].cells = {{"server 0", 2, 0.25, 1.0 / 3.0, "a -> b"}, {"server 1", 0, 0.0, 0.0, ""}};
    activity.topology.nodes = {{"a", "card", 0, 0}, {"s", "switch", -1, 2}};
    activity.topology.links = {{0, 1, "icn", BytesPerSecond{40}, 0.5, 0.0}};
    activity.no_series = "nobody knows when";
    activity.ranks = {{{"gemm", "compute"}}, us(0), {{1, 4, "tp 1", {{"program", {{us(1), us(2), 0}}}}}}};
    const Json plain = Json::parse(activity_json(activity));
    CHECK(myriad::violation(activity_schema(), plain.dump()) == "");
    CHECK(plain.at("topology").at("tiers")[0].at("most") == 0.3333);  // four decimals
    CHECK(plain.at("no_links_over_time") == "nobody knows when");
    CHECK(plain.at("ranks").at("rows")[0].at("lanes")[0].at("slices")[0] == Json::array({1'000'000, 2'000'000, 0}));
    activity.over_time =
        LinksOverTime{us(2), {{"icn", 2, {us(1), us(0)}, {0.25, 0.0}, {0.5, 0.0}}}, {{"a", "b", "icn", {0.5, 0.0}}}};
    const Json timed = Json::parse(activity_json(activity));
    CHECK(myriad::violation(activity_schema(), timed.dump()) == "");
    CHECK(!timed.contains("no_links_over_time"));
    Json wrong = timed;
    wrong["ranks"]["rows"][0]["colour"] = "red";
    CHECK(myriad::violation(activity_schema(), wrong.dump()) != "");
}

TEST_CASE("results are what their schema says") {
    CHECK(violation(Json::parse(result_json(training_run()))) == "");
    CHECK(violation(Json::parse(result_json(inference_run()))) == "");
    RunReport explained = training_run();
    Explanation& explanation = explained.training->explanation.emplace();
    explanation.step = ms(10'000);
    explanation.path = {{PathCategory::network, GroupKind::data, LinkTier::nic, ms(6'000), ms(1), "all_reduce"},
                        {PathCategory::matrix, GroupKind::none, LinkTier::none, ms(4'000), ms(0), ""}};
    explanation.operators = {{"mlp_up", PathCategory::matrix, ms(4'000)}};
    explanation.bounds = {{Change::nic, ms(3'000), ms(0), ms(0)}};
    explanation.groups = {{GroupKind::data, ms(6'000), ms(5'000), ms(10)}};
    CHECK(violation(Json::parse(result_json(explained))) == "");
    // Every word that may stand there is one that the schema knows.
    for (std::size_t change = 0; change < kChanges; ++change) {
        explanation.bounds[0].change = static_cast<Change>(change);
        CHECK(violation(Json::parse(result_json(explained))) == "");
    }
    for (std::size_t category = 0; category < kPathCategories; ++category) {
        explanation.path[0].category = static_cast<PathCategory>(category);
        CHECK(violation(Json::parse(result_json(explained))) == "");
    }
    CHECK(violation(Json::parse(result_json(collective_run()))) == "");
    CHECK(violation(Json::parse(result_json(RunReport{}))) == "");
}

TEST_CASE("the schema finds what is not as it says") {
    const Json good = Json::parse(result_json(training_run()));
    const auto spoilt = [&](const char* pointer, const Json& value) {
        Json bad = good;
        bad[Json::json_pointer(pointer)] = value;
        return violation(bad);
    };
    CHECK(spoilt("/schema", "myriad-result/2") == "result.schema: const");
    CHECK(spoilt("/simulated_ps", 1.5) == "result.simulated_ps: type");
    CHECK(spoilt("/events", -1) == "result.events: minimum");
    CHECK(spoilt("/statistics/network.hops/unit", "hops") == "result.statistics.network.hops.unit: enum");
    CHECK(spoilt("/fidelity/network", "guess") == "result.fidelity.network: enum");
    CHECK(spoilt("/training/rates/speed", 1) == "result.training.rates: unknown speed");
    Json bad = good;
    bad.at("training").erase("tokens");
    CHECK(violation(bad) == "result.training: required tokens");
}

TEST_CASE("a result says what the report holds") {
    const Json json = Json::parse(result_json(training_run()));
    CHECK(json.at("schema") == "myriad-result/1");
    CHECK(json.at("cluster") == "four");
    CHECK(json.at("fidelity").at("cell_bytes") == 1048576);
    CHECK(json.at("network").at("packet_hops") == 20);
    CHECK(json.at("training").at("step_time_ps") == 10'000'000'000'000);
    CHECK(json.at("training").at("rates").at("mfu") == 0.4);
    CHECK(json.at("training").at("rates").at("tokens_per_s") == 3276.8);
    CHECK(json.at("training").at("time_per_card").at("bubble").at("mean_ps") == 1'500'000'000'000);
    CHECK(json.at("training").at("plan").at("micro_batches") == 4);  // 8 sequences / (2 replicas x 1)
    CHECK(json.at("training").at("operators").at(2).at("kind") == "optimizer");
    CHECK(json.at("training").at("memory_by_stage").at(0).at("total_bytes") == std::int64_t{8} << 30);
    CHECK(json.at("links").at(0).at("longest_wait_ps") == 3'000'000);
    CHECK(json.at("statistics").at("network.hops").at("value") == 20);
    CHECK(json.at("statistics").at("network.share").at("value") == 0.5);
    CHECK(json.at("statistics").at("network.share").at("unit") == "ratio");
    CHECK(json.at("algorithms").at(0).at("groups") == 2);
    CHECK(json.at("assumed").at(1).at("range") == Json::array({"1 us", "6 us"}));
    CHECK_FALSE(json.at("assumed").at(0).contains("range"));
    const Json collectives = Json::parse(result_json(collective_run()));
    CHECK(collectives.at("collectives").at(1).at("time_ps") == 10'000'000'000);
    CHECK_FALSE(collectives.contains("training"));
}

TEST_CASE("a result has sorted keys, no path of the machine, and the same bytes every time") {
    const std::string text = result_json(training_run());
    CHECK(keys_sorted(OrderedJson::parse(text)));
    CHECK(text.find("/elsewhere") == std::string::npos);
    CHECK(text == result_json(training_run()));
}

TEST_CASE("only the busiest links are in a result") {
    RunReport report = collective_run();
    report.links.assign(150, report.links.front());
    const Json json = Json::parse(result_json(report));
    CHECK(json.at("links").size() == 100);
    CHECK(json.at("links_used") == 150);
    CHECK(violation(json) == "");
}

TEST_CASE("a name that is not UTF-8 does not lose the result") {
    RunReport report = collective_run();
    report.title = "caf\xe9";
    CHECK(Json::parse(result_json(report)).at("title") == "caf\xef\xbf\xbd");
}

// Test vectors of the authors (draft-eastlake-fnv): the empty text and "a".
TEST_CASE("FNV-1a hashes as its authors say") {
    CHECK(fnv1a_64("") == 0xcbf29ce484222325);
    CHECK(fnv1a_64("a") == 0xaf63dc4c8601ec8c);
    CHECK(fnv1a_64("foobar") == 0x85944171f73967e8);
}

TEST_CASE("a manifest says what made the result") {
    const Manifest manifest{.version = "1.2.3", .compiler = "GNU 12", .flags = "-O3", .seed = 7};
    const std::string text = manifest_json(manifest, training_run(), "foobar");
    const Json json = Json::parse(text);
    CHECK(json.at("program").at("version") == "1.2.3");
    CHECK(json.at("effective_yaml").at("value") == "85944171f73967e8");
    CHECK(json.at("effective_yaml").at("hash") == "FNV-1a 64");
    CHECK(json.at("seed") == 7);
    CHECK(json.at("schemas").at("result") == kResultSchema);
    CHECK(json.at("fidelity").at("network") == "packet");
    CHECK(keys_sorted(OrderedJson::parse(text)));
    CHECK(files_of_manifest(text) == std::set<std::string>{});
    CHECK(files_of_manifest(with_files(text, {"b", "a"})) == std::set<std::string>{"a", "b"});
    CHECK_FALSE(files_of_manifest("").has_value());
    CHECK_FALSE(files_of_manifest("[1]").has_value());
    CHECK_FALSE(files_of_manifest("{\"schema\": \"other\"}").has_value());
}

TEST_CASE("this program knows its version and flags, and no path") {
    const Manifest manifest = make_manifest(3);
    CHECK(manifest.seed == 3);
    CHECK_FALSE(manifest.version.empty());
    CHECK(manifest.flags.find("-ffp-contract=off") != std::string::npos);
    CHECK((manifest.compiler + manifest.flags).find('/') == std::string::npos);
}

TEST_CASE("the host's figures hold rates of the run") {
    RunOutcome outcome{training_run(), {.run_s = 2.0, .peak_memory_mib = 64.0}};
    const Json json = Json::parse(host_json(outcome));
    CHECK(json.at("packet_hops_per_s") == 10.0);  // 20 hops in 2 s
    CHECK(json.at("events_per_s") == 617.0);      // 1,234 in 2 s
    outcome.host.run_s = 0.0;
    CHECK(Json::parse(host_json(outcome)).at("events_per_s") == 0.0);
}

}  // namespace
}  // namespace myriad
