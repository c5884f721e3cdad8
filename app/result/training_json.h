#pragma once

#include "app/run/report.h"

#include <string>

namespace myriad {

// Section "training" of result.json, as text.
[[nodiscard]] std::string training_json(const TrainingReport& training);

}  // namespace myriad
