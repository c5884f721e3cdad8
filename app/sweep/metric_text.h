#pragma once
// Metrics in words: columns of a file for programs, and figures of one table in one unit for people.

#include "app/scenario/metric.h"

#include <string>
#include <string_view>
#include <vector>

namespace myriad {

// "time_ps", "busbw_B_per_s", "mfu"
[[nodiscard]] std::string column_name(const Metric& metric);

// One unit and one number of decimals for all figures of a table, so that they can be compared by eye.
class MetricScale {
public:
    MetricScale(const Metric& metric, const std::vector<double>& values);
    [[nodiscard]] std::string_view unit() const { return unit_; }  // "GB/s"; empty: a plain number
    [[nodiscard]] double divisor() const { return divisor_; }      // a value in unit() is value / divisor()
    [[nodiscard]] std::string text(double value) const;

private:
    double divisor_ = 1.0;
    std::string_view unit_;
    int decimals_ = 0;
};
// "busbw GB/s"
[[nodiscard]] std::string heading(const Metric& metric, const MetricScale& scale);

}  // namespace myriad
