#pragma once
// Inference in result.json.

#include "app/run/report.h"

#include <nlohmann/json_fwd.hpp>

namespace myriad {

[[nodiscard]] nlohmann::json inference_json(const InferenceReport& inference);

}  // namespace myriad
