#pragma once
// From the report of one point to its metrics, and the text in which they leave the child process.

#include "app/run/report.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

struct Measured {
    std::vector<std::optional<double>> values;  // by index in all_metrics()
    std::string algorithms;
};

// Of a report with at most one collective.
[[nodiscard]] Measured measure(const RunReport& report);

// Lines "name value", an empty line at the end. `decode` gives back what follows that line in `rest`.
[[nodiscard]] std::string encode(const Measured& measured);
[[nodiscard]] Measured decode(std::string_view text, std::string& rest);

}  // namespace myriad
