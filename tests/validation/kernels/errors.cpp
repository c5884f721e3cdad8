// Errors and their summaries.

#include "tests/validation/kernels/errors.h"

#include "models/tile/simulate_kernel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace myriad::accuracy {

Picoseconds modelled(const ChipConfig& chip, const Row& row) {
    Picoseconds time{static_cast<std::int64_t>(row.harness * 1e12)};
    for (const Kernel& kernel : row.kernels) {
        time += simulate_kernel(chip, kernel).total;
        if (row.kernel_only) {
            time -= chip.launch_latency * kernel.launches;
        }
    }
    return time;
}

double error_of(const ChipConfig& chip, const Row& row) { return seconds(modelled(chip, row)) / row.measured - 1.0; }

Summary sum_up(const std::vector<double>& errors) {
    Summary summary;
    summary.rows = errors.size();
    if (errors.empty()) {
        return summary;
    }
    std::vector<double> absolute;
    for (const double e : errors) {
        absolute.push_back(std::abs(e));
    }
    std::sort(absolute.begin(), absolute.end());
    const auto n = static_cast<double>(errors.size());
    summary.mean_absolute = std::accumulate(absolute.begin(), absolute.end(), 0.0) / n;
    summary.median = absolute[absolute.size() / 2];
    summary.p90 = absolute[std::min(absolute.size() - 1, absolute.size() * 9 / 10)];
    summary.greatest = absolute.back();
    summary.bias = std::accumulate(errors.begin(), errors.end(), 0.0) / n;
    return summary;
}

std::string Summary::text() const {
    return fmt::format(
        "{:>4} rows  MAPE {:5.1f} %  median {:5.1f} %  p90 {:5.1f} %  greatest {:6.1f} %  bias {:+6.1f} %", rows,
        100 * mean_absolute, 100 * median, 100 * p90, 100 * greatest, 100 * bias);
}

}  // namespace myriad::accuracy
