#pragma once

#include "app/run/report.h"

#include <nlohmann/json_fwd.hpp>

namespace myriad {

// Section "training" of result.json.
[[nodiscard]] nlohmann::json training_json(const TrainingReport& training);

}  // namespace myriad
