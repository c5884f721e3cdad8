#pragma once
// Whether a JSON text is what a JSON Schema says, for the words that our schemas use.

#include <string>

namespace myriad {

// What is wrong first, with its path; empty if all is well.
[[nodiscard]] std::string violation(const std::string& schema, const std::string& value);

}  // namespace myriad
