#pragma once
// Files that are there whole or not at all, whoever is killed while writing them.

#include <filesystem>
#include <optional>
#include <string>

namespace myriad {

// Under another name beside `path` first, then renamed; makes the folder. A reader sees the old file or the new one.
// Throws UserError if it cannot be written.
void write_atomically(const std::filesystem::path& path, const std::string& text);
// Nothing if it cannot be read.
[[nodiscard]] std::optional<std::string> read_whole_file(const std::filesystem::path& path);

}  // namespace myriad
