#pragma once
// A sweep and its analysis for programs: schema myriad-sweep/2.

#include "app/sweep/outcome.h"

#include <string>

namespace myriad {

inline constexpr const char* kSweepSchema = "myriad-sweep/2";

[[nodiscard]] std::string sweep_json(const SweepOutcome& outcome);
// The JSON Schema of it, as text.
[[nodiscard]] const char* sweep_result_schema();

}  // namespace myriad
