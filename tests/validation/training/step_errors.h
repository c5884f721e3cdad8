#pragma once
// Errors of modelled steps, summed up.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace myriad::accuracy {

struct StepErrors {
    std::size_t rows = 0;
    double mean_absolute = 0.0;
    double bias = 0.0;
    double lowest = 0.0;
    double highest = 0.0;
    [[nodiscard]] double greatest() const { return std::max(-lowest, highest); }
};

inline StepErrors sum_up_step_errors(const std::vector<double>& errors) {
    StepErrors summary;
    summary.rows = errors.size();
    if (errors.empty()) {
        return summary;
    }
    const auto count = static_cast<double>(errors.size());
    for (const double error : errors) {
        summary.mean_absolute += std::abs(error) / count;
        summary.bias += error / count;
    }
    summary.lowest = *std::min_element(errors.begin(), errors.end());
    summary.highest = *std::max_element(errors.begin(), errors.end());
    return summary;
}

}  // namespace myriad::accuracy
