// The same figures as text, CSV and JSON. GB is 10^9 bytes, as in nccl-tests.

#include "app/compare/collective_comparison.h"
#include "app/result/aligned_table.h"
#include "app/result/csv.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace myriad {
namespace {

constexpr double kGiga = 1e9;

std::string way_text(const CollectiveRow& row) {
    std::string text = row.algorithm == CollectiveAlgorithm::automatic ? "" : std::string(name_of(row.algorithm));
    return row.protocol.empty() ? text : text + "/" + row.protocol;
}

std::vector<std::string> operations_of(const CollectiveComparison& comparison) {
    std::vector<std::string> operations;
    for (const CollectiveSeries& series : comparison.series) {
        if (std::find(operations.begin(), operations.end(), series.operation) == operations.end()) {
            operations.push_back(series.operation);
        }
    }
    return operations;
}

// Of one operation: size -> its rows in the order of the series.
using BySize = std::map<Bytes, std::vector<std::pair<const CollectiveSeries*, const CollectiveRow*>>>;

BySize by_size(const CollectiveComparison& comparison, const std::string& operation) {
    BySize sizes;
    for (const CollectiveSeries& series : comparison.series) {
        if (series.operation == operation) {
            for (const CollectiveRow& row : series.rows) {
                sizes[row.size].emplace_back(&series, &row);
            }
        }
    }
    return sizes;
}

std::string operation_table(const BySize& sizes) {
    AlignedTable table({{"size"},
                        {"cluster", Align::left},
                        {"ranks"},
                        {"algorithm", Align::left},
                        {"runs as", Align::left},
                        {"time"},
                        {"algbw (GB/s)"},
                        {"busbw (GB/s)"},
                        {"bound"},
                        {"", Align::left}});
    bool first = true;
    for (const auto& [size, rows] : sizes) {
        if (!first && rows.size() > 1) {
            table.add(std::vector<std::string>(10));
        }
        first = false;
        Picoseconds least = Picoseconds::max();
        for (const auto& [series, row] : rows) {
            least = std::min(least, row->time);
        }
        for (const auto& [series, row] : rows) {
            const double part = row->time.count() > 0 ? seconds(row->lower_bound) / seconds(row->time) : 0.0;
            table.add({human_text(size), series->cluster, std::to_string(row->ranks), series->wanted, way_text(*row),
                       human_text(row->time), fmt::format("{:.2f}", row->algbw / kGiga),
                       fmt::format("{:.2f}", row->busbw / kGiga), fmt::format("{:.1f} %", 100 * part),
                       rows.size() > 1 && row->time == least ? "fastest" : ""});
        }
    }
    return table.text(2);
}

}  // namespace

std::string comparison_text(const CollectiveComparison& comparison) {
    std::string out;
    for (const std::string& operation : operations_of(comparison)) {
        const BySize sizes = by_size(comparison, operation);
        if (!sizes.empty()) {
            out += fmt::format("{}{}, network level {}\n", out.empty() ? "" : "\n", operation, comparison.network) +
                   operation_table(sizes);
        }
    }
    std::string left_out;
    for (const CollectiveSeries& series : comparison.series) {
        if (!series.ran()) {
            left_out += paragraph(
                "  -",
                fmt::format("{} on {} by {}: {}", series.operation, series.cluster, series.wanted, series.reason), 4,
                100);
        }
    }
    return left_out.empty() ? out : out + "\nleft out\n" + left_out;
}

std::string comparison_csv(const CollectiveComparison& comparison) {
    std::string out =
        "cluster,wanted,operation,size_B,ranks,time_ps,lower_bound_ps,algbw_B_per_s,busbw_B_per_s,algorithm,protocol\n";
    for (const CollectiveSeries& series : comparison.series) {
        for (const CollectiveRow& row : series.rows) {
            const bool known = row.algorithm != CollectiveAlgorithm::automatic;
            out += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", csv_cell(series.cluster), series.wanted,
                               series.operation, row.size.count(), row.ranks, row.time.count(), row.lower_bound.count(),
                               row.algbw, row.busbw, known ? name_of(row.algorithm) : "", csv_cell(row.protocol));
        }
    }
    return out;
}

std::string comparison_json(const CollectiveComparison& comparison) {
    using Json = nlohmann::json;
    Json all = Json::array();
    for (const CollectiveSeries& series : comparison.series) {
        Json rows = Json::array();
        for (const CollectiveRow& row : series.rows) {
            const bool known = row.algorithm != CollectiveAlgorithm::automatic;
            rows.push_back({{"size_bytes", row.size.count()},
                            {"ranks", row.ranks},
                            {"time_ps", row.time.count()},
                            {"lower_bound_ps", row.lower_bound.count()},
                            {"algbw_bytes_per_s", row.algbw},
                            {"busbw_bytes_per_s", row.busbw},
                            {"algorithm", known ? name_of(row.algorithm) : ""},
                            {"protocol", row.protocol}});
        }
        Json entry = {{"operation", series.operation},
                      {"cluster", series.cluster},
                      {"algorithm", series.wanted},
                      {"rows", std::move(rows)}};
        if (!series.ran()) {
            entry["left_out"] = series.reason;
        }
        all.push_back(std::move(entry));
    }
    return Json{{"network", comparison.network}, {"series", std::move(all)}}.dump(2) + "\n";
}

}  // namespace myriad
