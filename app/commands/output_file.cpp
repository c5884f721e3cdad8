// Checked early, written late.

#include "app/commands/output_file.h"

#include "sim/error/error.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

namespace myriad {

void check_output_file(const std::string& option, const std::string& path) {
    namespace fs = std::filesystem;
    if (path.empty()) {
        return;
    }
    const fs::path folder = fs::path(path).parent_path();
    std::error_code ignored;
    if (!folder.empty() && !fs::is_directory(folder, ignored)) {
        throw UserError(SourceMark{option + " " + path, 0, 0},
                        fmt::format("cannot write the file: there is no folder '{}'", folder.string()));
    }
    if (fs::is_directory(path, ignored)) {
        throw UserError(SourceMark{option + " " + path, 0, 0}, "cannot write the file: it is a folder");
    }
}

void write_output_file(const std::string& option, const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file) {
        throw UserError(SourceMark{option + " " + path, 0, 0}, "cannot write the file");
    }
}

}  // namespace myriad
