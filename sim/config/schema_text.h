#pragma once
// The two texts generated from the schemas of the files that a user may write.

#include "sim/config/schema.h"

#include <string>
#include <vector>

namespace myriad {

// Markdown: one table per schema, those reached through sections and references included, each once.
[[nodiscard]] std::string reference_page(const std::vector<SchemaFunction>& roots);

// JSON Schema, draft 2020-12, of files of this kind, for editors (yaml-language-server).
[[nodiscard]] std::string json_schema(const Schema& root);

}  // namespace myriad
