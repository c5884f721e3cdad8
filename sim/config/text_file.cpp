// Reads a file whole, with its size looked at first. Text is UTF-8 without NUL; everything else is called binary,
// because a YAML reader's complaint about it would help nobody.

#include "sim/config/text_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <vector>

namespace myriad {

namespace {

namespace fs = std::filesystem;

// Length of the UTF-8 sequence that begins at `at`; 0 if there is none (overlong, surrogate, cut off).
std::size_t sequence_length(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(at);
    if (lead < 0x80) {
        return lead == 0 ? 0 : 1;
    }
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || at + length > text.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xc0) != 0x80) {
            return 0;
        }
    }
    const unsigned char second = byte(at + 1);
    const bool bad = (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
                     (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f);
    return bad ? 0 : length;
}

void check_tabs(std::string_view text, const std::string& path) {
    int line = 1;
    for (std::size_t start = 0; start < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        const std::string_view row = text.substr(start, end - start);
        const std::size_t content = std::min(row.find_first_not_of(" \t\r"), row.size());
        const std::size_t tab = row.find('\t');
        if (tab < content && content < row.size()) {
            throw UserError({path, line, static_cast<int>(tab) + 1}, "tab in the indentation; YAML indents by spaces");
        }
        start = end + 1;
    }
}

std::string neighbour(const fs::path& path) {
    std::vector<std::string> names;
    std::error_code problem;
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem)) {
        if (it->path().extension() == ".yaml" || it->path().extension() == ".yml") {
            names.push_back(it->path().filename().string());
        }
    }
    std::sort(names.begin(), names.end());
    return did_you_mean(path.filename().string(), names);
}

}  // namespace

void check_text(const std::string& text, const std::string& path) {
    if (text.size() > kMostFileBytes) {
        throw UserError({path, 0, 0}, "file of " + std::to_string(text.size()) + " bytes; expected at most " +
                                          std::to_string(kMostFileBytes));
    }
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = sequence_length(text, at);
        if (length == 0) {
            throw UserError({path, 0, 0},
                            "binary file, no UTF-8 at byte " + std::to_string(at) + "; expected YAML text");
        }
        at += length;
    }
    check_tabs(text, path);
}

std::string read_text_file(const std::string& path, const SourceMark& named_at) {
    std::error_code problem;
    const fs::file_status status = fs::status(path, problem);
    if (!fs::exists(status)) {
        throw UserError(named_at, "no file '" + path + "'" + neighbour(path));
    }
    if (fs::is_directory(status)) {
        throw UserError(named_at, "'" + path + "' is a folder; expected a YAML file");
    }
    if (!fs::is_regular_file(status)) {
        throw UserError(named_at, "'" + path + "' is not a regular file");
    }
    const std::uintmax_t size = fs::file_size(path, problem);
    if (!problem && size > kMostFileBytes) {  // before reading: it may be of any size
        throw UserError({path, 0, 0}, "file of " + std::to_string(size) + " bytes; expected at most " +
                                          std::to_string(kMostFileBytes));
    }
    std::ifstream stream(path, std::ios::binary);
    if (problem || !stream) {
        throw UserError(named_at, "cannot read '" + path + "'");
    }
    std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    check_text(text, path);
    return text;
}

}  // namespace myriad
