#pragma once

namespace myriad {

// JSON Schema of `training.explanation`.
[[nodiscard]] const char* explanation_schema();

}  // namespace myriad
