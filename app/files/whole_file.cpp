// The process's number in the temporary name keeps writers of the same file apart; the last one wins.

#include "app/files/whole_file.h"

#include "sim/error/error.h"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <system_error>

namespace myriad {

namespace fs = std::filesystem;

void write_atomically(const fs::path& path, const std::string& text) {
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    const fs::path temporary = path.parent_path() / ("." + path.filename().string() + "." + std::to_string(::getpid()));
    std::ofstream file(temporary, std::ios::binary);
    file << text;
    file.close();
    if (file) {
        fs::rename(temporary, path, error);
    }
    if (!file || error) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        throw UserError("cannot write '" + path.string() + "'" + (error ? ": " + error.message() : ""));
    }
}

std::optional<std::string> read_whole_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return std::nullopt;
    }
    return std::string{std::istreambuf_iterator<char>(file), {}};
}

}  // namespace myriad
