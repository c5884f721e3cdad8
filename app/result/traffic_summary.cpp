// Bandwidths are bytes that arrived over the time until the last one did, one direction.

#include "app/result/traffic_summary.h"

#include "app/result/aligned_table.h"
#include "app/result/words.h"
#include "sim/units/quantity_text.h"

#include <fmt/core.h>

namespace myriad {

namespace {

std::string gigabytes_per_second(double bytes_per_second) {
    return fmt::format("{:.2f} GB/s", bytes_per_second * 1e-9);
}

}  // namespace

std::string traffic_text(const TrafficReport& report) {
    const auto cards = static_cast<std::int64_t>(report.traffic.cards.size());
    std::string out = fmt::format("Traffic: {} of {} cards, {} flows, {} in all\n", name_of(report.traffic.pattern),
                                  grouped(cards), grouped(report.flows), human_text(report.bytes));
    AlignedTable table({{"makespan"}, {"lower bound"}, {"all cards, one direction"}, {"a card, one direction"}});
    table.add({human_text(report.makespan), human_text(report.lower_bound), gigabytes_per_second(report.bandwidth()),
               gigabytes_per_second(report.bandwidth() / static_cast<double>(cards))});
    out += table.text(2);
    AlignedTable times(
        {{"completion of a flow", Align::left}, {"first"}, {"mean"}, {"median"}, {"p90"}, {"p99"}, {"last"}});
    times.add({"", human_text(report.first), human_text(report.mean), human_text(report.median), human_text(report.p90),
               human_text(report.p99), human_text(report.makespan)});
    return out + times.text(2);
}

std::string iteration_text(const IterationReport& report) {
    const IterationSpec& spec = report.spec;
    const IterationResult& result = report.result;
    std::string out =
        fmt::format("Iteration: {} layers of {} blocks, TP {} x DP {}, {}\n", spec.layers, spec.blocks,
                    spec.tensor_parallel, spec.data_parallel,
                    spec.overlap_gradient_reduction ? "gradients reduced beside backward" : "gradients waited for");
    AlignedTable table({{"iteration"}, {"compute"}, {"exposed tensor"}, {"exposed data"}, {"collectives entered"}});
    table.add({human_text(result.time), human_text(result.compute), human_text(result.tensor_exposed),
               human_text(result.data_exposed), grouped(result.collectives)});
    return out + table.text(2);
}

}  // namespace myriad
