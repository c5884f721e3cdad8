// What the page holds: nothing that ends its <script>, columns instead of points, and words about what is not JSON.

#include "app/report/report_data.h"
#include "app/report/report_html.h"
#include "sim/error/error.h"

#include <nlohmann/json.hpp>

#include <catch2/catch.hpp>
#include <string>

using namespace myriad;
using Json = nlohmann::json;

namespace {

Json point(int number, int choice, const char* status, const Json& values) {
    return {{"point", number},  {"choice", {choice}},
            {"status", status}, {"reason", status == std::string("ok") ? "" : "no"},
            {"algorithms", ""}, {"stage", 0},
            {"values", values}};
}

std::string sweep_text(const Json& points, const Json& metrics) {
    return Json{{"schema", "myriad-sweep/2"},
                {"title", "Study"},
                {"axes", Json::array()},
                {"metrics", metrics},
                {"points", points}}
        .dump();
}

Json metric(const std::string& name) { return {{"name", name}, {"unit", "ps"}}; }

}  // namespace

TEST_CASE("nothing in the data ends the script element or opens a comment") {
    const std::string safe = script_safe(R"({"a":"</script><!-- <SCRIPT>"})");
    REQUIRE(safe.find('<') == std::string::npos);
    // A parser reads the same text back.
    REQUIRE(Json::parse(safe)["a"] == "</script><!-- <SCRIPT>");
}

TEST_CASE("the title is text and never markup") {
    const std::string page = report_html("a <b> & \"c\"", "{}");
    REQUIRE(page.find("<title>a &lt;b&gt; &amp; &quot;c&quot;</title>") != std::string::npos);
}

TEST_CASE("data that looks like a hole of the template is not filled") {
    const std::string page = report_html("t", R"({"x":"{{script}}"})");
    REQUIRE(page.find(R"({"x":"{{script}}"})") != std::string::npos);
}

TEST_CASE("the page names no other place") {
    const std::string page = report_html("t", "{}");
    REQUIRE(page.find("src=") == std::string::npos);
    REQUIRE(page.find("sourceMappingURL") == std::string::npos);
    REQUIRE(page.find("Content-Security-Policy") != std::string::npos);
    REQUIRE(page.find("default-src 'none'") != std::string::npos);
    // The licence of Chart.js travels with it.
    REQUIRE(page.find("Permission is hereby granted, free of charge") != std::string::npos);
}

TEST_CASE("points of a sweep become columns, words become indices") {
    const Json points = {point(1, 0, "ok", {{"time", 5}}), point(2, 1, "user_error", Json::object()),
                         point(3, 2, "ok", {{"time", 7.5}})};
    const Json data = Json::parse(sweep_report_data(sweep_text(points, Json::array({metric("time")})), ""));
    REQUIRE(data["kind"] == "sweep");
    const Json& columns = data["sweep"]["columns"];
    REQUIRE_FALSE(data["sweep"].contains("points"));
    REQUIRE(columns["point"] == Json({1, 2, 3}));
    REQUIRE(columns["choice"] == Json({{0}, {1}, {2}}));
    REQUIRE(columns["values"]["time"] == Json({5, nullptr, 7.5}));
    REQUIRE(columns["status"]["words"] == Json({"ok", "user_error"}));
    REQUIRE(columns["status"]["index"] == Json({0, 1, 0}));
    REQUIRE(columns["rounded"] == false);
}

TEST_CASE("figures are rounded to six digits only where there are more than a hundred thousand") {
    // 1,001 points x 100 metrics = 100,100 > 100,000.
    Json metrics = Json::array();
    Json values = Json::object();
    for (int m = 0; m < 100; ++m) {
        metrics.push_back(metric("m" + std::to_string(m)));
        values["m" + std::to_string(m)] = 1.23456789;
    }
    Json points = Json::array();
    for (int p = 0; p < 1001; ++p) {
        points.push_back(point(p + 1, 0, "ok", values));
    }
    const Json columns = Json::parse(sweep_report_data(sweep_text(points, metrics), ""))["sweep"]["columns"];
    REQUIRE(columns["rounded"] == true);
    REQUIRE(columns["values"]["m7"][500].get<double>() == Approx(1.23457).epsilon(1e-12));
    points.erase(points.begin());
    const Json exact = Json::parse(sweep_report_data(sweep_text(points, metrics), ""))["sweep"]["columns"];
    REQUIRE(exact["values"]["m7"][500] == 1.23456789);
}

TEST_CASE("a report made anew does not depend on the manifest's list of files") {
    const std::string result = R"({"schema":"myriad-result/1","title":"T","links":[]})";
    const std::string before = R"({"schema":"myriad-manifest/1","seed":1})";
    const std::string after = R"({"schema":"myriad-manifest/1","seed":1,"files":["a"]})";
    REQUIRE(run_report({result, before, "", ""}) == run_report({result, after, "", ""}));
}

TEST_CASE("what is no JSON or of another schema is told by its file") {
    REQUIRE_THROWS_WITH(run_report_data({"{", "", "", ""}),
                        "result.json:1:1: error: this is not JSON, expected what myriad has written");
    REQUIRE_THROWS_WITH(sweep_report_data(R"({"schema":"myriad-sweep/1"})", ""),
                        "sweep.json:1:1: error: the schema is \"myriad-sweep/1\", expected \"myriad-sweep/2\" as this "
                        "myriad writes it");
    REQUIRE_THROWS_AS(comparison_report_data("[]", "", {}), UserError);
    // The right schema with a text where a list should be.
    REQUIRE_THROWS_AS(sweep_report_data(R"({"schema":"myriad-sweep/2","points":[1],"metrics":["a"]})", ""), UserError);
}

TEST_CASE("a timeline of more slices than a picture has pixels loses whole rows, and says how many") {
    // 3 rows of 25,000 slices; 40,000 are drawn: the second row would exceed that.
    Json slices = Json::array();
    for (int i = 0; i < 25'000; ++i) {
        slices.push_back({i, 1, 0});
    }
    const Json row = {{"rank", 0}, {"lanes", {{{"name", "compute"}, {"slices", slices}}}}};
    const Json activity = {{"schema", "myriad-activity/1"}, {"ranks", {{"rows", {row, row, row}}}}};
    const Json data = Json::parse(run_report_data({R"({"schema":"myriad-result/1"})", "", activity.dump(), ""}));
    REQUIRE(data["activity"]["ranks"]["rows"].size() == 1);
    REQUIRE(data["activity"]["ranks"]["rows_left_out"] == 2);
}

TEST_CASE("the uncertainty of a run stands in its page, with what its figures mean") {
    const std::string result = R"({"schema":"myriad-result/1"})";
    const std::string uncertainty = R"({"schema":"myriad-uncertainty/1","samples":3})";
    const Json data = Json::parse(run_report_data({result, "", "", uncertainty}));
    REQUIRE(data["uncertainty"]["samples"] == 3);
    REQUIRE(data["metrics"][0].contains("meaning"));
    REQUIRE_FALSE(Json::parse(run_report_data({result, "", "", ""})).contains("uncertainty"));
    REQUIRE_THROWS_WITH(run_report_data({result, "", "", R"({"schema":"myriad-activity/1"})"}),
                        Catch::StartsWith("uncertainty.json:1:1: error: the schema is \"myriad-activity/1\""));
}

TEST_CASE("of the activity of compared runs only links over time stand in the page") {
    const std::string comparison = R"({"schema":"myriad-comparison/1"})";
    const Json activity = {{"schema", "myriad-activity/1"},
                           {"elapsed_ps", 9},
                           {"ranks", {{"rows", Json::array()}}},
                           {"links_over_time", {{"bucket_ps", 3}, {"busiest", {1, 2}}}}};
    const Json data = Json::parse(comparison_report_data(comparison, "", {"", activity.dump()}));
    REQUIRE(data["activities"][0].is_null());
    REQUIRE(data["activities"][1] == Json({{"elapsed_ps", 9}, {"links_over_time", {{"bucket_ps", 3}}}}));
    // A file is named as it lies in the folder: the second run's.
    REQUIRE_THROWS_WITH(comparison_report_data(comparison, "", {"", "{"}),
                        Catch::StartsWith("activity_2.json:1:1: error: this is not JSON"));
}
