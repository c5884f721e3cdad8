// Reads the tables, not the files: an export is one query, whatever the number of points.

#include "app/sweep/export.h"

#include "app/result/csv.h"
#include "app/scenario/metric.h"
#include "app/store/sqlite.h"
#include "app/sweep/metric_text.h"
#include "app/sweep/sweep_database.h"
#include "sim/error/error.h"
#include "sim/units/quantity_text.h"

#include <nlohmann/json.hpp>

#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace myriad {
namespace {

using Json = nlohmann::json;

struct Row {
    std::map<std::int64_t, std::string> labels;
    std::map<std::int64_t, double> values;
    std::int64_t stage = 0;
    std::string algorithms;
    std::string status;
    std::string reason;
};

struct Tables {
    std::map<std::int64_t, std::string> axes;
    std::map<std::int64_t, std::string> columns;  // of results that some point has
    std::vector<std::string> stages;              // of halving
    std::map<std::int64_t, Row> rows;
};

Tables read_tables(SqliteDatabase& database) {
    Tables tables;
    SqliteStatement axes(database, "SELECT axis, name FROM axes");
    while (axes.step()) {
        tables.axes[axes.integer(0)] = axes.text(1);
    }
    SqliteStatement stages(database, "SELECT value FROM meta WHERE key = 'stages'");
    std::istringstream names(stages.step() ? stages.text(0) : std::string{});
    for (std::string name; std::getline(names, name);) {
        tables.stages.push_back(name);
    }
    SqliteStatement points(database, "SELECT point, algorithms, status, reason, stage FROM points");
    while (points.step()) {
        Row& row = tables.rows[points.integer(0)];
        row.algorithms = points.text(1);
        row.status = points.text(2);
        row.reason = points.text(3);
        row.stage = points.integer(4);
    }
    SqliteStatement labels(database, "SELECT point, axis, label FROM labels");
    while (labels.step()) {
        tables.rows[labels.integer(0)].labels[labels.integer(1)] = labels.text(2);
    }
    SqliteStatement results(database,
                            "SELECT r.point, r.metric, r.value, m.name FROM results r JOIN metrics m USING (metric)");
    while (results.step()) {
        const std::optional<std::size_t> metric = find_metric(results.text(3));
        if (metric) {  // of this version; an older one's is left out
            tables.columns[results.integer(1)] = column_name(all_metrics()[*metric]);
            tables.rows[results.integer(0)].values[results.integer(1)] = results.real(2);
        }
    }
    return tables;
}

template <class T>
T found(const std::map<std::int64_t, T>& in, std::int64_t key) {
    const auto at = in.find(key);
    return at == in.end() ? T{} : at->second;
}

std::string stage_of(const Tables& tables, const Row& row) {
    const auto stage = static_cast<std::size_t>(row.stage);
    return stage < tables.stages.size() ? tables.stages[stage] : std::string{};
}

std::string csv_of(const Tables& tables) {
    std::string text = "point";
    for (const auto& [axis, name] : tables.axes) {
        text += "," + csv_cell(name);
    }
    for (const auto& [metric, column] : tables.columns) {
        text += "," + column;
    }
    text += tables.stages.empty() ? ",algorithms,status,reason\n" : ",stage,algorithms,status,reason\n";
    for (const auto& [point, row] : tables.rows) {
        text += std::to_string(point);
        for (const auto& [axis, name] : tables.axes) {
            text += "," + csv_cell(found(row.labels, axis));
        }
        for (const auto& [metric, column] : tables.columns) {
            const auto value = row.values.find(metric);
            text += "," + (value == row.values.end() ? std::string{} : exact_text(value->second));
        }
        text += tables.stages.empty() ? std::string{} : "," + csv_cell(stage_of(tables, row));
        text += "," + csv_cell(row.algorithms) + "," + row.status + "," + csv_cell(row.reason) + "\n";
    }
    return text;
}

std::string json_of(const Tables& tables) {
    Json list = Json::array();
    for (const auto& [point, row] : tables.rows) {
        Json map{{"point", point}, {"algorithms", row.algorithms}, {"status", row.status}, {"reason", row.reason}};
        if (!tables.stages.empty()) {
            map["stage"] = stage_of(tables, row);
        }
        map["axes"] = Json::object();
        for (const auto& [axis, name] : tables.axes) {
            map["axes"][name] = found(row.labels, axis);
        }
        map["results"] = Json::object();
        for (const auto& [metric, value] : row.values) {
            map["results"][found(tables.columns, metric)] = value;
        }
        list.push_back(std::move(map));
    }
    const Json all{{"schema", "myriad-points/1"}, {"points", list}};
    return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

Exported export_points(const Store& store) {
    if (!std::filesystem::exists(database_path(store))) {
        throw UserError("'" + store.root().string() + "' has no sweep.sqlite; 'myriad sweep' makes it again");
    }
    SqliteDatabase database(database_path(store));
    const Tables tables = read_tables(database);
    return {csv_of(tables), json_of(tables)};
}

}  // namespace myriad
