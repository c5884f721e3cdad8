// What a sweep leaves behind, for programs. Numbers are exact: whole ones as integers, others as the shortest decimal
// that reads back to the same double.

#include "app/report/report_data.h"
#include "app/report/report_html.h"
#include "app/result/csv.h"
#include "app/result/folder.h"
#include "app/result/manifest.h"
#include "app/scenario/metric.h"
#include "app/sweep/columns.h"
#include "app/sweep/metric_text.h"
#include "app/sweep/sweep_folder.h"
#include "app/sweep/sweep_json.h"
#include "app/sweep/sweep_plot.h"
#include "app/sweep/sweep_run.h"
#include "sim/units/quantity_text.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace myriad {
namespace {

using Json = nlohmann::json;

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
    const std::vector<SweepStage>& stages = outcome.sweep.stages;
    out += stages.empty() ? ",algorithms,status,reason\n" : ",stage,algorithms,status,reason\n";
    for (const SweepPointResult& point : outcome.points) {
        out += std::to_string(point.point.index);
        for (std::size_t a = 0; a < outcome.sweep.axes.size(); ++a) {
            out += "," + csv_cell(outcome.sweep.axes[a].values[point.point.choice[a]].label);
        }
        for (const std::size_t m : used) {
            out += "," + (point.ran() && point.values[m] ? exact_text(*point.values[m]) : std::string{});
        }
        out += stages.empty() ? std::string{} : "," + csv_cell(stages[point.stage].name);
        out += fmt::format(",{},{},{}\n", csv_cell(point.algorithms), status_of(point), csv_cell(point.reason));
    }
    return out;
}

void write_sweep_folder(const std::string& folder, const SweepOutcome& outcome) {
    const std::string json = sweep_json(outcome);
    const std::string made_by = sweep_manifest(outcome);
    std::vector<ResultFile> files{{"sweep.csv", sweep_csv(outcome)},
                                  {"sweep.json", json},
                                  {"summary.txt", sweep_summary(outcome)},
                                  {"effective.yaml", outcome.effective_yaml},
                                  {"manifest.json", made_by},
                                  {kReportFile, sweep_report(json, made_by)}};
    for (const SweepPlot& plot : outcome.sweep.plots) {
        if (std::string svg = sweep_plot_svg(outcome, plot); !svg.empty()) {
            files.push_back({plot.name + ".svg", std::move(svg)});
        }
    }
    update_sweep_folder(folder, files);
}

}  // namespace myriad
