#pragma once
// A file as text, or a clean reason why it is none.

#include "sim/error/error.h"

#include <cstddef>
#include <string>

namespace myriad {

inline constexpr std::size_t kMostFileBytes = 1 << 20;  // of one YAML file

// Throws UserError: missing (at `named_at`, where the file is named; with did-you-mean among its neighbours), folder,
// too large, binary, empty, tab in the indentation (all at the file itself).
[[nodiscard]] std::string read_text_file(const std::string& path, const SourceMark& named_at);

// The checks of read_text_file on text that is already in memory.
void check_text(const std::string& text, const std::string& path);

}  // namespace myriad
