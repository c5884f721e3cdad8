// Columns, widths and digits as nccl-tests prints them (github.com/NVIDIA/nccl-tests, common.cu), out-of-place half.
// size is the whole buffer; count is what one rank passes to the call: 1/n of the buffer where the operation gathers or
// scatters. Elements are of four bytes, called float.

#include "app/result/nccl_table.h"

#include "app/result/words.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

namespace myriad {
namespace {

constexpr std::int64_t kElementBytes = 4;
constexpr double kGiga = 1e9;

bool divides_buffer(CollectiveOp op) {
    return op == CollectiveOp::all_gather || op == CollectiveOp::reduce_scatter || op == CollectiveOp::all_to_all ||
           op == CollectiveOp::all_to_allv || op == CollectiveOp::gather || op == CollectiveOp::scatter;
}

std::string_view reduction_of(CollectiveOp op) {
    const bool adds =
        op == CollectiveOp::all_reduce || op == CollectiveOp::reduce_scatter || op == CollectiveOp::reduce;
    return adds ? "sum" : "none";
}

// Fewer decimals as the time grows, so that the column stays narrow.
std::string time_text(Picoseconds time) {
    const double microseconds = static_cast<double>(time.count()) * 1e-6;
    const int decimals = microseconds >= 10000.0 ? 0 : microseconds >= 100.0 ? 1 : 2;
    return fmt::format("{:.{}f}", microseconds, decimals);
}

std::string row_text(const CollectiveRow& row, const NcclTableOptions& options) {
    const std::int64_t share = divides_buffer(row.op) ? std::max<std::int64_t>(row.ranks, 1) : 1;
    std::string line =
        fmt::format("{:12}  {:12}  {:>8}  {:>6}  {:6}  {:>7}  {:6.2f}  {:6.2f}  {:>5}", row.size.count(),
                    row.size.count() / kElementBytes / share, "float", reduction_of(row.op), has_root(row.op) ? 0 : -1,
                    time_text(row.time), row.algbw / kGiga, row.busbw / kGiga, "N/A");
    if (options.lower_bound) {
        const double part = row.time.count() > 0 ? seconds(row.lower_bound) / seconds(row.time) : 0.0;
        line += fmt::format("  {:5.1f}", 100.0 * part);
    }
    if (!options.algorithm.empty()) {
        line += "  " + options.algorithm;
    } else if (!row.protocol.empty()) {
        line += fmt::format("  {}/{}", name_of(row.algorithm), row.protocol);
    }
    return line + '\n';
}

}  // namespace

std::string nccl_table(const std::vector<CollectiveRow>& rows, const NcclTableOptions& options) {
    std::string names = "#       size         count      type   redop    root     time   algbw   busbw #wrong";
    std::string units = "#        (B)    (elements)                               (us)  (GB/s)  (GB/s)       ";
    if (options.lower_bound) {
        names += "  bound";
        units += "    (%)";
    }
    const bool by_row =
        std::any_of(rows.begin(), rows.end(), [](const CollectiveRow& r) { return !r.protocol.empty(); });
    if (!options.algorithm.empty() || by_row) {
        names += "  algorithm";
    }
    units.erase(units.find_last_not_of(' ') + 1);
    std::string out = names + '\n' + units + '\n';
    double sum = 0.0;
    for (const CollectiveRow& row : rows) {
        out += row_text(row, options);
        sum += row.busbw / kGiga;
    }
    const double mean = rows.empty() ? 0.0 : sum / static_cast<double>(rows.size());
    return out + fmt::format("# Avg bus bandwidth    : {:g}\n", mean);
}

std::string nccl_table(const RunReport& report) {
    NcclTableOptions options{.lower_bound = true};
    const std::vector<AlgorithmGroup> algorithms = algorithm_groups(report.algorithms);
    if (algorithms.size() == 1 && algorithms.front().choice.protocol.empty()) {
        options.algorithm = name_of(algorithms.front().choice.algorithm);
    }
    return nccl_table(report.collectives, options);
}

}  // namespace myriad
