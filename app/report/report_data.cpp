// The report's data. What the page does not read is left out: links beyond the busiest fifty, a manifest's list of
// files (which is not known yet when a run writes its report, and would make a report made anew differ from it).

#include "app/report/report_data.h"

#include "app/report/report_html.h"
#include "app/scenario/metric.h"
#include "sim/error/error.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <map>
#include <string_view>
#include <vector>

namespace myriad {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLinksShown = 50;
constexpr std::size_t kExactValuesMost = 100'000;  // beyond, six digits: the page stays small, sweep.csv is exact
// A timeline is drawn over some thousand pixels; more slices than this would be no more to see and much to load.
constexpr std::size_t kSlicesMost = 40'000;

Json parsed(const std::string& file, const std::string& text) {
    Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) {  // what is no JSON is "discarded", no object either
        throw UserError(SourceMark{file, 1, 1}, "this is not JSON, expected what myriad has written");
    }
    return json;
}

Json parsed(const std::string& file, const std::string& text, std::string_view schema) {
    Json json = parsed(file, text);
    const auto found = json.find("schema");
    const std::string told = found == json.end() ? "not told" : found->dump();
    if (found == json.end() || !found->is_string() || found->get<std::string>() != schema) {
        throw UserError(SourceMark{file, 1, 1}, "the schema is " + told + ", expected \"" + std::string(schema) +
                                                    "\" as this myriad writes it");
    }
    return json;
}

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json optional_json(const std::string& file, const std::string& text, std::string_view schema) {
    return text.empty() ? Json(nullptr) : parsed(file, text, schema);
}

Json manifest_of(const std::string& text) {
    Json manifest = optional_json("manifest.json", text, "myriad-manifest/1");
    if (manifest.is_object()) {
        manifest.erase("files");
    }
    return manifest;
}

// Words that repeat, as indices into a list of them.
Json indexed(const Json& points, const char* key) {
    std::map<std::string, std::size_t> known;
    Json words = Json::array();
    Json index = Json::array();
    for (const Json& point : points) {
        const auto found = point.find(key);
        const std::string word = found != point.end() && found->is_string() ? found->get<std::string>() : "";
        const auto [place, is_new] = known.emplace(word, known.size());
        if (is_new) {
            words.push_back(word);
        }
        index.push_back(place->second);
    }
    return {{"words", std::move(words)}, {"index", std::move(index)}};
}

Json column(const Json& points, const char* key) {
    Json values = Json::array();
    for (const Json& point : points) {
        values.push_back(point.contains(key) ? point[key] : Json(nullptr));
    }
    return values;
}

double six_digits(double value) {
    if (value == 0.0 || !std::isfinite(value)) {
        return value;
    }
    const double scale = std::pow(10.0, 5.0 - std::floor(std::log10(std::abs(value))));
    return std::round(value * scale) / scale;
}

Json value_columns(const Json& points, const Json& metrics, bool rounded) {
    Json columns = Json::object();
    for (const Json& metric : metrics) {
        const std::string name = metric.value("name", "");
        Json& values = columns[name] = Json::array();
        for (const Json& point : points) {
            const auto all = point.find("values");
            const bool known = all != point.end() && all->is_object() && all->contains(name);
            const Json value = known ? all->at(name) : Json(nullptr);
            values.push_back(rounded && value.is_number() ? Json(six_digits(value.get<double>())) : value);
        }
    }
    return columns;
}

void put_points_in_columns(Json& sweep) {
    const Json points = sweep.contains("points") ? sweep["points"] : Json::array();
    const Json metrics = sweep.contains("metrics") ? sweep["metrics"] : Json::array();
    const bool rounded = points.size() * metrics.size() > kExactValuesMost;
    sweep["columns"] = {{"point", column(points, "point")},
                        {"choice", column(points, "choice")},
                        {"stage", column(points, "stage")},
                        {"status", indexed(points, "status")},
                        {"reason", indexed(points, "reason")},
                        {"algorithms", indexed(points, "algorithms")},
                        {"values", value_columns(points, metrics, rounded)},
                        {"rounded", rounded}};
    sweep.erase("points");
}

std::size_t slices_in(const Json& lane) {
    return lane.is_object() && lane.contains("slices") && lane["slices"].is_array() ? lane["slices"].size() : 0;
}

// Rows from the first on, as many as are drawn; how many were left out is told on the page.
void cut_rows(Json& activity) {
    if (!activity.is_object() || !activity.contains("ranks") || !activity["ranks"].contains("rows")) {
        return;
    }
    Json& rows = activity["ranks"]["rows"];
    std::size_t slices = 0;
    std::size_t kept = 0;
    for (; kept < rows.size(); ++kept) {
        for (const Json& lane : rows[kept].value("lanes", Json::array())) {
            slices += slices_in(lane);
        }
        if (slices > kSlicesMost && kept > 0) {
            break;
        }
    }
    if (kept < rows.size()) {
        activity["ranks"]["rows_left_out"] = rows.size() - kept;
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(kept), rows.end());
    }
}

Json metric_dictionary() {
    constexpr std::string_view kBetter[] = {"neither", "lower", "higher"};
    constexpr std::string_view kKinds[] = {"time",  "bandwidth", "size",  "share", "rate",
                                           "count", "money",     "power", "rent"};
    Json list = Json::array();
    for (const Metric& metric : all_metrics()) {
        list.push_back({{"name", metric.name},
                        {"unit", metric.unit},
                        {"kind", kKinds[static_cast<std::size_t>(metric.kind)]},
                        {"better", kBetter[static_cast<std::size_t>(metric.better)]},
                        {"meaning", metric.meaning}});
    }
    return list;
}

void cut_links(Json& result) {
    if (result.contains("links") && result["links"].is_array() && result["links"].size() > kLinksShown) {
        Json& links = result["links"];
        links.erase(links.begin() + static_cast<std::ptrdiff_t>(kLinksShown), links.end());
    }
}

std::string title_of(const Json& json, const char* otherwise) {
    for (const char* key : {"title", "name"}) {
        const auto found = json.find(key);
        if (found != json.end() && found->is_string() && !found->get<std::string>().empty()) {
            return found->get<std::string>();
        }
    }
    return otherwise;
}

struct Page {
    std::string title;
    std::string data;
    [[nodiscard]] std::string html() const { return report_html(title, data); }
};

// A file of the right schema whose insides are not as that schema says was not written by this program.
template <class Make>
Page guarded(const char* file, Make make) {
    try {
        return make();
    } catch (const Json::exception& error) {
        throw UserError(SourceMark{file, 1, 1}, "this is not as myriad writes it: " + std::string(error.what()));
    }
}

Page run_page(const RunTexts& texts) {
    Json result = parsed("result.json", texts.result, "myriad-result/1");
    Json activity = optional_json("activity.json", texts.activity, "myriad-activity/1");
    Json uncertainty = optional_json("uncertainty.json", texts.uncertainty, "myriad-uncertainty/1");
    cut_links(result);
    cut_rows(activity);
    const std::string title = title_of(result, "Run");
    Json data = {{"kind", "run"},
                 {"manifest", manifest_of(texts.manifest)},
                 {"result", std::move(result)},
                 {"activity", std::move(activity)}};
    if (!uncertainty.is_null()) {
        data["metrics"] = metric_dictionary();
        data["uncertainty"] = std::move(uncertainty);
    }
    return {title, text_of(data)};
}

Page sweep_page(const std::string& sweep_text, const std::string& manifest) {
    Json sweep = parsed("sweep.json", sweep_text, "myriad-sweep/2");
    put_points_in_columns(sweep);
    const std::string title = title_of(sweep, "Sweep");
    const Json data = {{"kind", "sweep"}, {"manifest", manifest_of(manifest)}, {"sweep", std::move(sweep)}};
    return {title, text_of(data)};
}

// Of a run that is compared: its links over time alone. The rest stands on the page of the run.
Json links_of_activity(const std::string& file, const std::string& text) {
    Json activity = optional_json(file, text, "myriad-activity/1");
    Json kept = Json::object();
    for (const char* key : {"elapsed_ps", "links_over_time", "no_links_over_time"}) {
        if (activity.is_object() && activity.contains(key)) {
            kept[key] = std::move(activity[key]);
        }
    }
    if (kept.contains("links_over_time") && kept["links_over_time"].is_object()) {
        kept["links_over_time"].erase("busiest");
    }
    return activity.is_null() ? activity : kept;
}

Page comparison_page(const std::string& comparison_text, const std::string& manifest,
                     const std::vector<std::string>& activities) {
    Json comparison = parsed("comparison.json", comparison_text, "myriad-comparison/1");
    const std::string title = title_of(comparison, "Comparison");
    Json links = Json::array();
    std::size_t known = activities.size();
    while (known > 0 && activities[known - 1].empty()) {  // as if read from a folder, where they are no files
        --known;
    }
    for (std::size_t run = 0; run < known; ++run) {
        links.push_back(links_of_activity(compared_activity_file(run), activities[run]));
    }
    const Json data = {{"kind", "comparison"},
                       {"activities", std::move(links)},
                       {"manifest", manifest_of(manifest)},
                       {"metrics", metric_dictionary()},
                       {"comparison", std::move(comparison)}};
    return {title, text_of(data)};
}

}  // namespace

std::string compared_activity_file(std::size_t run) { return "activity_" + std::to_string(run + 1) + ".json"; }

std::string run_report_data(const RunTexts& texts) {
    return guarded("result.json", [&] { return run_page(texts); }).data;
}
std::string sweep_report_data(const std::string& sweep, const std::string& manifest) {
    return guarded("sweep.json", [&] { return sweep_page(sweep, manifest); }).data;
}
std::string comparison_report_data(const std::string& comparison, const std::string& manifest,
                                   const std::vector<std::string>& activities) {
    return guarded("comparison.json", [&] { return comparison_page(comparison, manifest, activities); }).data;
}

std::string run_report(const RunTexts& texts) {
    return guarded("result.json", [&] { return run_page(texts); }).html();
}
std::string sweep_report(const std::string& sweep, const std::string& manifest) {
    return guarded("sweep.json", [&] { return sweep_page(sweep, manifest); }).html();
}
std::string comparison_report(const std::string& comparison, const std::string& manifest,
                              const std::vector<std::string>& activities) {
    return guarded("comparison.json", [&] { return comparison_page(comparison, manifest, activities); }).html();
}

}  // namespace myriad
