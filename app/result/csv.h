#pragma once
// Tables for pandas and spreadsheets, as RFC 4180 with a line feed: a cell with a comma, a quote or a line break is
// quoted. Columns are explained in docs/results.md.

#include "app/run/report.h"

#include <string>
#include <string_view>

namespace myriad {

[[nodiscard]] std::string csv_cell(std::string_view text);

// Every directed link that carried anything, busiest first.
[[nodiscard]] std::string links_csv(const RunReport& report);
// Training: operators and then the kinds of waiting. Collectives: one row a size.
[[nodiscard]] std::string ops_csv(const RunReport& report);

}  // namespace myriad
