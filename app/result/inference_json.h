#pragma once
// Inference in result.json.

#include "app/run/report.h"

#include <string>

namespace myriad {

// Definitions for it in the JSON Schema of result.json (inference_schema_text.cpp), a comma after each.
extern const char* const kInferenceSchema;

// As text, so that no header needs the library.
[[nodiscard]] std::string inference_json(const InferenceReport& inference);

}  // namespace myriad
