#pragma once
// Inference in result.json.

#include "app/run/report.h"

#include <nlohmann/json_fwd.hpp>

namespace myriad {

// Definitions for it in the JSON Schema of result.json (inference_schema_text.cpp), a comma after each.
extern const char* const kInferenceSchema;

[[nodiscard]] nlohmann::json inference_json(const InferenceReport& inference);

}  // namespace myriad
