// The rows of a batch for people and for programs. Rows differ in kind, so each figure of the table carries its own unit.

#include "app/result/aligned_table.h"
#include "app/result/csv.h"
#include "app/result/manifest.h"
#include "app/scenario/metric.h"
#include "app/sweep/batch_run.h"
#include "app/sweep/metric_text.h"
#include "app/sweep/sweep_folder.h"
#include "sim/units/quantity_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace myriad {
namespace {

using Json = nlohmann::json;

constexpr const char* kBatchSchema = "myriad-batch/1";

// What a reader wants first, of whatever kind of workload; a row shows those that it has.
constexpr const char* kMain[] = {"step_time", "tpot",     "ttft",      "tokens_per_second_per_card",
                                 "mfu",       "time",     "busbw",     "together",
                                 "slowdown",  "makespan", "bandwidth", "iteration_time"};

std::string_view status_of(const BatchRow& row) {
    return row.ran() ? std::string_view("ok") : name_of(row.end.record.outcome);
}

std::string main_results(const BatchRow& row) {
    std::string text;
    for (const char* name : kMain) {
        const std::size_t metric = find_metric(name).value();
        if (!row.ran() || !row.end.record.values[metric]) {
            continue;
        }
        const double value = *row.end.record.values[metric];
        const MetricScale scale(all_metrics()[metric], {value});
        text += (text.empty() ? "" : ", ") + std::string(name) + " " + scale.text(value);
        text += scale.unit().empty() ? "" : " " + std::string(scale.unit());
    }
    return text;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::vector<std::size_t> used_metrics(const BatchOutcome& outcome) {
    std::vector<std::size_t> used;
    for (std::size_t m = 0; m < all_metrics().size(); ++m) {
        if (std::any_of(outcome.rows.begin(), outcome.rows.end(),
                        [&](const BatchRow& row) { return row.ran() && row.end.record.values[m].has_value(); })) {
            used.push_back(m);
        }
    }
    return used;
}

}  // namespace

std::string batch_table(const BatchOutcome& outcome) {
    AlignedTable table({{"", Align::right},
                        {"name", Align::left},
                        {"workload", Align::left},
                        {"cluster", Align::left},
                        {"cards", Align::right},
                        {"levels", Align::left},
                        {"results", Align::left}});
    std::string reasons;
    std::size_t failed = 0;
    for (const BatchRow& row : outcome.rows) {
        const std::string levels = row.network.empty() ? std::string{} : row.network + " / " + row.card;
        table.add({std::to_string(row.index), row.name, row.workload, row.cluster, row.cards, levels,
                   row.ran() ? main_results(row) : std::string(status_of(row))});
        if (!row.ran()) {
            ++failed;
            reasons += "  " + std::to_string(row.index) + " " + row.name + ": " + row.end.record.reason + "\n";
        }
    }
    std::string text = std::to_string(outcome.rows.size()) +
                       " scenarios: " + std::to_string(outcome.rows.size() - failed) + " ran, " +
                       std::to_string(failed) + " failed\n\n" + table.text(2);
    text += reasons.empty() ? "" : "\nFailed\n" + reasons;
    for (const std::string& skipped : outcome.skipped) {
        text += first_line(skipped) + "\n";
    }
    return text;
}

std::string batch_csv(const BatchOutcome& outcome) {
    const std::vector<std::size_t> used = used_metrics(outcome);
    std::string text = "point,name,file,workload,cluster,cards,network,card";
    for (const std::size_t m : used) {
        text += "," + column_name(all_metrics()[m]);
    }
    text += ",algorithms,status,reason\n";
    for (const BatchRow& row : outcome.rows) {
        text += std::to_string(row.index);
        for (const std::string& cell :
             {row.name, row.file, row.workload, row.cluster, row.cards, row.network, row.card}) {
            text += "," + csv_cell(cell);
        }
        for (const std::size_t m : used) {
            text +=
                "," + (row.ran() && row.end.record.values[m] ? exact_text(*row.end.record.values[m]) : std::string{});
        }
        text += "," + csv_cell(row.end.record.algorithms) + "," + std::string(status_of(row)) + "," +
                csv_cell(row.end.record.reason) + "\n";
    }
    return text;
}

std::string batch_json(const BatchOutcome& outcome) {
    Json rows = Json::array();
    for (const BatchRow& row : outcome.rows) {
        Json results = Json::object();
        for (std::size_t m = 0; row.ran() && m < all_metrics().size(); ++m) {
            if (const std::optional<double> value = row.end.record.values[m]) {
                results[column_name(all_metrics()[m])] = *value;
            }
        }
        rows.push_back({{"point", row.index},
                        {"name", row.name},
                        {"file", row.file},
                        {"workload", row.workload},
                        {"cluster", row.cluster},
                        {"cards", row.cards},
                        {"network", row.network},
                        {"card", row.card},
                        {"algorithms", row.end.record.algorithms},
                        {"status", status_of(row)},
                        {"reason", row.end.record.reason},
                        {"results", results}});
    }
    const Json all{{"schema", kBatchSchema}, {"points", rows}, {"skipped", outcome.skipped}};
    return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_batch_folder(const std::string& folder, const BatchOutcome& outcome) {
    const Manifest manifest = make_manifest(0);
    const std::size_t failed = static_cast<std::size_t>(
        std::count_if(outcome.rows.begin(), outcome.rows.end(), [](const BatchRow& row) { return !row.ran(); }));
    const Json json{{"schema", kManifestSchema},
                    {"program", {{"name", "myriad"}, {"version", manifest.version}}},
                    {"schemas", {{"batch", kBatchSchema}}},
                    {"points", {{"all", outcome.rows.size()}, {"failed", failed}}},
                    {"build", {{"compiler", manifest.compiler}, {"flags", manifest.flags}}}};
    update_sweep_folder(folder, {{"batch.csv", batch_csv(outcome)},
                                 {"batch.json", batch_json(outcome)},
                                 {"summary.txt", batch_table(outcome)},
                                 {"manifest.json", json.dump(2) + "\n"}});
}

}  // namespace myriad
