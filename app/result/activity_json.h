#pragma once
// activity.json (docs/results.md) and its JSON Schema.

#include "app/activity/activity.h"

#include <string>

namespace myriad {

// Compact, a line an entry of the top level; utilisation to four decimals.
[[nodiscard]] std::string activity_json(const Activity& activity);
[[nodiscard]] std::string activity_schema();

}  // namespace myriad
