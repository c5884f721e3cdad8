#pragma once
// A report as JSON for programs: sorted keys, integers where the simulator has integers, units in the names of keys.
// The same report gives the same bytes.

#include "app/run/report.h"

#include <cstddef>
#include <string>

namespace myriad {

inline constexpr const char* kResultSchema = "myriad-result/1";  // changes when a key changes its meaning or goes
inline constexpr std::size_t kLinksInResult = 100;               // the busiest; links.csv has all

[[nodiscard]] std::string result_json(const RunReport& report);
// JSON Schema (draft 2020-12) of result.json, for `myriad schema result`.
[[nodiscard]] std::string result_schema();

}  // namespace myriad
