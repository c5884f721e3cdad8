#pragma once
// The tree as YAML that reads back to the same tree, and its sourced values as a list.

#include "sim/config/document.h"
#include "sim/config/node.h"
#include "sim/config/schema.h"

#include <string>
#include <vector>

namespace myriad {

[[nodiscard]] std::string effective_text(const ConfigNode& root, const Schema& schema);
[[nodiscard]] std::vector<SourcedText> sourced_values(const ConfigNode& root, const Schema& schema);

}  // namespace myriad
