#pragma once
// --set path=value on an expanded tree.

#include "sim/config/expand.h"

#include <string>

namespace myriad {

// Errors are located at "--set path=value".
void apply_override(ConfigNode& root, const Schema& schema, const std::string& text, Expander& expander,
                    ErrorLog& errors);

}  // namespace myriad
