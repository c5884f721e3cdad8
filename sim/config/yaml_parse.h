#pragma once
// YAML text to a tree of ConfigNodes. The only header through which yaml-cpp is used.

#include "sim/config/node.h"

#include <string>

namespace myriad {

inline constexpr int kMostLevels = 64;               // of nesting in one file
inline constexpr std::size_t kMostValues = 100'000;  // in one file

// One document. Throws UserError: syntax, duplicate keys, anchors and aliases, tags, several documents, empty.
[[nodiscard]] ConfigNode parse_yaml(const std::string& text, const std::string& path);

// A value on a command line or a default of a schema: every node gets `mark`.
[[nodiscard]] ConfigNode parse_yaml_value(const std::string& text, const SourceMark& mark);

}  // namespace myriad
