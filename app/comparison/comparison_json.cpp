// comparison.json: for programs and for the report.

#include "app/comparison/comparison.h"

#include <nlohmann/json.hpp>

namespace myriad {
namespace {

using Json = nlohmann::json;

Json rows_json(const std::vector<ComparedRow>& rows, bool with_kind) {
    Json list = Json::array();
    for (const ComparedRow& row : rows) {
        Json differences = Json::array();
        for (std::size_t r = 0; r < row.values.size(); ++r) {
            differences.push_back(row.difference(r));
        }
        Json item = {{"name", row.name}, {"unit", "ps"}, {"values", row.values}, {"difference", differences}};
        if (with_kind) {
            item["cause"] = name_of(row.kind);
        }
        list.push_back(std::move(item));
    }
    return list;
}

Json groups_json(const Comparison& c) {
    Json list = Json::array();
    for (std::size_t g = 0; g < c.busy.size(); ++g) {
        list.push_back({{"name", c.busy[g].name}, {"busy", c.busy[g].values}, {"exposed", c.exposed[g].values}});
    }
    return list;
}

// Null where a run has no such tier.
Json links_json(const Comparison& c) {
    Json list = Json::array();
    for (std::size_t first = 0; first < c.runs.size(); ++first) {
        for (const ComparedTier& named : c.runs[first].tiers) {
            const auto known = [&](const Json& item) { return item.at("tier") == named.name; };
            if (std::any_of(list.begin(), list.end(), known)) {
                continue;
            }
            Json item = {{"tier", named.name},
                         {"bandwidth_bytes_per_s", Json::array()},
                         {"mean", Json::array()},
                         {"most", Json::array()}};
            for (const ComparedRun& run : c.runs) {
                const ComparedTier* found = nullptr;
                for (const ComparedTier& tier : run.tiers) {
                    found = tier.name == named.name ? &tier : found;
                }
                item["bandwidth_bytes_per_s"].push_back(found == nullptr ? Json() : Json(found->bandwidth));
                item["mean"].push_back(found == nullptr ? Json() : Json(found->mean));
                item["most"].push_back(found == nullptr ? Json() : Json(found->most));
            }
            list.push_back(std::move(item));
        }
    }
    return list;
}

Json inputs_json(const std::vector<ComparedInput>& inputs, const char* key) {
    Json list = Json::array();
    for (const ComparedInput& input : inputs) {
        list.push_back({{key, input.path}, {"values", input.values}});
    }
    return list;
}

Json run_json(const ComparedRun& run, double scale) {
    Json figures = Json::object();
    for (const ComparedFigure& figure : run.figures) {
        figures[figure.name] = {{"value", figure.value}, {"unit", figure.unit}};
    }
    return {{"name", run.name},
            {"title", run.title},
            {"cluster", run.cluster},
            {"cards", run.cards},
            {"workload", run.workload},
            {"what", run.what},
            {"levels", {{"network", run.network}, {"card", run.card}}},
            {"total_ps", run.total},
            {"scale", scale},
            {"figures", figures},
            {"assumed", run.assumed}};
}

}  // namespace

std::string comparison_json(const Comparison& c) {
    Json runs = Json::array();
    std::string title;
    for (std::size_t r = 0; r < c.runs.size(); ++r) {
        runs.push_back(run_json(c.runs[r], c.scale[r]));
        title += (r == 0 ? "" : r == 1 ? " against " : ", ") + c.runs[r].name;
    }
    const Json json = {{"schema", kComparisonSchema},
                       {"title", title},
                       {"headline", c.headline},
                       {"verdict", c.verdict},
                       {"warnings", c.warnings},
                       {"reference", 0},
                       {"runs", runs},
                       {"total", rows_json({c.total}, false).front()},
                       {"causes", rows_json(c.causes, true)},
                       {"operators", rows_json(c.operators, false)},
                       {"groups", groups_json(c)},
                       {"links", links_json(c)},
                       {"algorithms", inputs_json(c.algorithms, "collectives")},
                       {"inputs", inputs_json(c.inputs, "path")}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace myriad
