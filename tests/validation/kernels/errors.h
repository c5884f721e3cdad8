#pragma once
// Errors of the tile level against measured rows, and how they are summed up.

#include "models/chip_config.h"
#include "tests/validation/kernels/measured_rows.h"

#include <string>
#include <vector>

namespace myriad::accuracy {

// Time as the row's source would have measured it.
[[nodiscard]] Picoseconds modelled(const ChipConfig& chip, const Row& row);
// Modelled / measured - 1.
[[nodiscard]] double error_of(const ChipConfig& chip, const Row& row);

struct Summary {
    std::size_t rows = 0;
    double mean_absolute = 0.0;
    double median = 0.0;  // of absolute errors
    double p90 = 0.0;
    double greatest = 0.0;
    double bias = 0.0;  // mean error with its sign

    [[nodiscard]] std::string text() const;
};
[[nodiscard]] Summary sum_up(const std::vector<double>& errors);

}  // namespace myriad::accuracy
