// A metric is found by name in one table. Times that a training step spends waiting are means over ranks, so that they
// add up with compute to the step.

#include "app/scenario/metric.h"

#include "sim/error/error.h"

#include <algorithm>
#include <iterator>

namespace myriad {
namespace {

using enum MetricBetter;
using enum MetricKind;
constexpr auto kAny = MetricWorkload::any;
constexpr auto kCollective = MetricWorkload::collective;
constexpr auto kTraining = MetricWorkload::training;
constexpr auto kOverlap = MetricWorkload::overlap;
constexpr auto kTraffic = MetricWorkload::traffic;
constexpr auto kIteration = MetricWorkload::iteration;
constexpr auto kInference = MetricWorkload::inference;
constexpr auto kModel = MetricWorkload::model;

constexpr Metric kMetrics[] = {
    {"time", "ps", time, lower, kCollective, "of the collective"},
    {"lower_bound", "ps", time, neither, kCollective, "no algorithm is faster on these links"},
    {"lower_bound_share", "1", share, higher, kCollective, "lower_bound / time"},
    {"algbw", "B/s", bandwidth, higher, kCollective, "size / time, as nccl-tests"},
    {"busbw", "B/s", bandwidth, higher, kCollective, "algbw x factor of the operation, as nccl-tests"},
    {"step_time", "ps", time, lower, kTraining, "of a training step"},
    {"tokens_per_second", "1/s", rate, higher, kModel, "of all cards"},
    {"tokens_per_second_per_card", "1/s", rate, higher, kModel, "tokens_per_second / cards"},
    {"mfu", "1", share, higher, kModel, "useful flop / (peak x time of a step), causal pairs counted once"},
    {"mfu_unmasked", "1", share, higher, kTraining, "the same with masked pairs, as published figures count"},
    {"hfu", "1", share, higher, kTraining, "executed flop / (peak x step_time), recomputation included"},
    {"compute", "ps", time, neither, kModel, "a kernel runs, mean over ranks"},
    {"exposed_tensor", "ps", time, lower, kModel, "waiting for tensor-parallel collectives, mean over ranks"},
    {"exposed_context", "ps", time, lower, kTraining, "waiting for keys and values of other ranks, mean over ranks"},
    {"exposed_expert", "ps", time, lower, kModel, "waiting for tokens on their way to or from experts, mean"},
    {"exposed_pipeline", "ps", time, lower, kModel, "waiting for pipeline messages under way, mean over ranks"},
    {"exposed_data", "ps", time, lower, kTraining, "waiting for gradients and ZeRO weights, mean over ranks"},
    {"bubble_fraction", "1", share, lower, kModel, "waiting for other stages / step_time"},
    {"memory", "B", size, lower, kModel, "of the fullest card"},
    {"memory_share", "1", share, lower, kModel, "memory / capacity of a card"},
    {"tpot", "ps", time, lower, kInference, "decode: time per output token of every sequence, steady"},
    {"ttft", "ps", time, lower, kInference, "prefill: from idle cards to the first token of every prompt"},
    {"batch_time", "ps", time, lower, kInference, "prefill: of one batch after another, steady"},
    {"hbm_share", "1", share, higher, kInference, "decode: weights and cache at the streaming rate of HBM / tpot"},
    {"hbm_share_of_peak", "1", share, higher, kInference, "the same at the peak rate of HBM"},
    {"binds_hbm", "1", share, neither, kInference, "of a step: kernels that HBM limits, launches left out"},
    {"binds_matrix", "1", share, neither, kInference, "likewise kernels that the matrix units limit"},
    {"binds_launch", "1", share, lower, kInference, "of a step: launches of kernels"},
    {"binds_communication", "1", share, lower, kInference, "of a step: waiting for collectives and messages"},
    {"cost", "USD", money, lower, kModel, "of a million tokens, at the rent of the cards"},
    {"cost_low", "USD", money, lower, kInference, "the same at the low end of the rent's range"},
    {"cost_high", "USD", money, lower, kInference, "at its high end"},
    {"together", "ps", time, lower, kOverlap, "of all parts at once, to the end of the last"},
    {"alone_sum", "ps", time, neither, kOverlap, "of the parts one after the other"},
    {"slowdown", "1", share, lower, kOverlap, "of the part that suffers most: together / alone - 1"},
    {"makespan", "ps", time, lower, kTraffic, "until the last flow has ended"},
    {"bandwidth", "B/s", bandwidth, higher, kTraffic, "of all flows together, one direction: bytes / makespan"},
    {"completion_p50", "ps", time, lower, kTraffic, "half of the flows end by then"},
    {"completion_p99", "ps", time, lower, kTraffic, "99 of 100 flows end by then"},
    {"iteration_time", "ps", time, lower, kIteration, "until the last rank is done"},
    {"iteration_exposed_tensor", "ps", time, lower, kIteration, "waiting for tensor-parallel all-reduces, mean"},
    {"iteration_exposed_data", "ps", time, lower, kIteration, "waiting for gradients, mean over ranks"},
    {"duration", "ps", time, lower, kAny, "of what the run measures: collective, step, output token, batch, all flows"},
    {"cards", "1", count, neither, kAny, "that take part"},
    {"power", "W", power, lower, kAny, "of these cards at their TDP; absent where a chip has none"},
    {"rent", "USD/h", rent, lower, kAny, "of these cards; absent where a chip has none"},
    {"tokens_per_joule", "1/J", rate, higher, kModel,
     "tokens_per_second / power: the same as tokens a second and watt"},
    {"link_busy_most", "1", share, neither, kAny, "of the run, the busiest direction of a link carried something"},
    {"link_busy_icn", "1", share, neither, kAny, "the same of links between the cards of a server"},
    {"link_busy_fabric", "1", share, neither, kAny, "the same of links beyond the NICs"},
    {"hops", "1", count, neither, kAny, "packets times links crossed; packet level"},
    {"events", "1", count, neither, kAny, "of the simulation"},
};

bool suits(const Metric& metric, MetricWorkload workload) {
    const bool of_model = metric.workload == kModel && (workload == kTraining || workload == kInference);
    return metric.workload == kAny || workload == kAny || metric.workload == workload || of_model;
}

}  // namespace

std::span<const Metric> all_metrics() { return kMetrics; }

std::optional<std::size_t> find_metric(std::string_view name) {
    const auto* const at = std::find_if(std::begin(kMetrics), std::end(kMetrics),
                                        [&](const Metric& metric) { return metric.name == name; });
    if (at == std::end(kMetrics)) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(at - std::begin(kMetrics));
}

std::vector<std::string> metric_names(MetricWorkload workload) {
    std::vector<std::string> names;
    for (const Metric& metric : kMetrics) {
        if (suits(metric, workload)) {
            names.emplace_back(metric.name);
        }
    }
    return names;
}

std::string metric_problem(std::string_view name, MetricWorkload workload) {
    const auto index = find_metric(name);
    if (index && suits(kMetrics[*index], workload)) {
        return {};
    }
    const std::vector<std::string> names = metric_names(workload);
    const std::string quoted = "'" + std::string(name) + "'";
    const std::string what = workload == kTraining    ? "a training step"
                             : workload == kOverlap   ? "an overlap"
                             : workload == kTraffic   ? "traffic"
                             : workload == kIteration ? "an iteration"
                             : workload == kInference ? "inference"
                                                      : "a collective";
    std::string problem = index ? quoted + " is no result of " + what : "unknown result " + quoted;
    const std::string guess = index ? std::string{} : did_you_mean(name, names);
    if (!guess.empty()) {
        return problem + guess;
    }
    problem += "; expected one of ";
    for (std::size_t i = 0; i < names.size(); ++i) {
        problem += (i == 0 ? "" : ", ") + names[i];
    }
    return problem;
}

}  // namespace myriad
