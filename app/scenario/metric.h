#pragma once
// The results that a sweep can tabulate, by name: one table, so that the reader of sweep files, the CSV and the printed
// tables mean the same. Values are doubles in the unit given; whole numbers stay exact below 2^53.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

// `model`: of training and of inference.
enum class MetricWorkload : std::uint8_t { any, collective, training, overlap, traffic, iteration, inference, model };
enum class MetricBetter : std::uint8_t { neither, lower, higher };
enum class MetricKind : std::uint8_t { time, bandwidth, size, share, rate, count, money, power, rent };

struct Metric {
    std::string_view name;  // "busbw"
    std::string_view unit;  // "B/s"; "1" for shares and counts; "USD", "W", "USD/h", "1/J"
    MetricKind kind = MetricKind::count;
    MetricBetter better = MetricBetter::neither;
    MetricWorkload workload = MetricWorkload::any;
    std::string_view meaning;
};

// In the order of columns of a CSV.
[[nodiscard]] std::span<const Metric> all_metrics();
[[nodiscard]] std::optional<std::size_t> find_metric(std::string_view name);
// Names of the metrics that a workload of this kind has.
[[nodiscard]] std::vector<std::string> metric_names(MetricWorkload workload);
// What is wrong with `name` as a result of such a workload; empty: nothing.
[[nodiscard]] std::string metric_problem(std::string_view name, MetricWorkload workload);

}  // namespace myriad
