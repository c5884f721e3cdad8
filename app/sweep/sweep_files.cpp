// What a sweep leaves behind, for programs. Numbers are exact: whole ones as integers, others as the shortest decimal
// that reads back to the same double.

#include "app/result/csv.h"
#include "app/result/folder.h"
#include "app/result/manifest.h"
#include "app/scenario/metric.h"
#include "app/sweep/metric_text.h"
#include "app/sweep/sweep_folder.h"
#include "app/sweep/sweep_plot.h"
#include "app/sweep/sweep_run.h"
#include "sim/units/quantity_text.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace myriad {
namespace {

using Json = nlohmann::json;

constexpr const char* kSweepSchema = "myriad-sweep/1";

bool is_whole(const Metric& metric) {
    return metric.kind == MetricKind::time || metric.kind == MetricKind::size || metric.kind == MetricKind::count;
}

// Metrics that some point has, so that a sweep of collectives has no columns of training.
std::vector<std::size_t> used_metrics(const SweepOutcome& outcome) {
    std::vector<std::size_t> used;
    for (std::size_t m = 0; m < all_metrics().size(); ++m) {
        if (std::any_of(outcome.points.begin(), outcome.points.end(),
                        [&](const SweepPointResult& point) { return point.ran() && point.values[m].has_value(); })) {
            used.push_back(m);
        }
    }
    return used;
}

std::string_view status_of(const SweepPointResult& point) { return point.ran() ? "ok" : name_of(point.outcome); }

std::string text_of(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n'; }

std::string sweep_manifest(const SweepOutcome& outcome) {
    const Manifest manifest = make_manifest(outcome.seed);
    return text_of({{"schema", kManifestSchema},
                    {"program", {{"name", "myriad"}, {"version", manifest.version}}},
                    {"schemas", {{"sweep", kSweepSchema}}},
                    {"effective_yaml",
                     {{"hash", "FNV-1a 64"},
                      {"value", fmt::format("{:016x}", fnv1a_64(outcome.effective_yaml))},
                      {"bytes", outcome.effective_yaml.size()}}},
                    {"seed", manifest.seed},
                    {"points", {{"all", outcome.points.size()}, {"failed", outcome.failures()}}},
                    {"build", {{"compiler", manifest.compiler}, {"flags", manifest.flags}}}});
}

}  // namespace

std::string sweep_csv(const SweepOutcome& outcome) {
    const std::vector<std::size_t> used = used_metrics(outcome);
    std::string out = "point";
    for (const SweepAxis& axis : outcome.sweep.axes) {
        out += "," + csv_cell(axis.name);
    }
    for (const std::size_t m : used) {
        out += "," + column_name(all_metrics()[m]);
    }
    out += ",algorithms,status,reason\n";
    for (const SweepPointResult& point : outcome.points) {
        out += std::to_string(point.point.index);
        for (std::size_t a = 0; a < outcome.sweep.axes.size(); ++a) {
            out += "," + csv_cell(outcome.sweep.axes[a].values[point.point.choice[a]].label);
        }
        for (const std::size_t m : used) {
            out += "," + (point.ran() && point.values[m] ? exact_text(*point.values[m]) : std::string{});
        }
        out += fmt::format(",{},{},{}\n", csv_cell(point.algorithms), status_of(point), csv_cell(point.reason));
    }
    return out;
}

std::string sweep_json(const SweepOutcome& outcome) {
    Json axes = Json::array();
    for (const SweepAxis& axis : outcome.sweep.axes) {
        Json values = Json::array();
        for (const AxisValue& value : axis.values) {
            values.push_back(value.label);
        }
        axes.push_back({{"name", axis.name}, {"values", values}});
    }
    Json points = Json::array();
    for (const SweepPointResult& point : outcome.points) {
        Json labels = Json::object();
        for (std::size_t a = 0; a < outcome.sweep.axes.size(); ++a) {
            labels[outcome.sweep.axes[a].name] = outcome.sweep.axes[a].values[point.point.choice[a]].label;
        }
        Json results = Json::object();
        for (std::size_t m = 0; point.ran() && m < all_metrics().size(); ++m) {
            const Metric& metric = all_metrics()[m];
            if (const std::optional<double> value = point.values[m]) {
                results[column_name(metric)] = is_whole(metric) ? Json(std::llround(*value)) : Json(*value);
            }
        }
        points.push_back({{"point", point.point.index},
                          {"axes", labels},
                          {"status", status_of(point)},
                          {"reason", point.reason},
                          {"algorithms", point.algorithms},
                          {"results", results}});
    }
    return text_of({{"schema", kSweepSchema},
                    {"name", outcome.sweep.name},
                    {"title", outcome.sweep.title},
                    {"axes", axes},
                    {"points", points},
                    {"warnings", sweep_warnings(outcome)}});
}

void write_sweep_folder(const std::string& folder, const SweepOutcome& outcome) {
    std::vector<ResultFile> files{{"sweep.csv", sweep_csv(outcome)},
                                  {"sweep.json", sweep_json(outcome)},
                                  {"summary.txt", sweep_summary(outcome)},
                                  {"effective.yaml", outcome.effective_yaml},
                                  {"manifest.json", sweep_manifest(outcome)}};
    for (const SweepPlot& plot : outcome.sweep.plots) {
        if (std::string svg = sweep_plot_svg(outcome, plot); !svg.empty()) {
            files.push_back({plot.name + ".svg", std::move(svg)});
        }
    }
    update_sweep_folder(folder, files);
}

}  // namespace myriad
