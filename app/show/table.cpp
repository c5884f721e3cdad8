// Widths are counted in bytes: everything printed here is ASCII.

#include "app/show/table.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {
namespace {

constexpr std::size_t kGap = 2;         // blanks between columns
constexpr std::size_t kNarrowest = 18;  // the last column is never wrapped below this

// Cuts `text` into lines of at most `width` bytes at blanks; a longer word keeps its line.
std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
    std::vector<std::string> lines;
    std::size_t from = 0;
    while (text.size() - from > width) {
        std::size_t cut = text.rfind(' ', from + width);
        if (cut == std::string::npos || cut <= from) {
            cut = text.find(' ', from);
            if (cut == std::string::npos) {
                break;
            }
        }
        lines.push_back(text.substr(from, cut - from));
        from = cut + 1;
    }
    lines.push_back(text.substr(from));
    return lines;
}

void append_line(std::string& out, std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    out += line;
    out += '\n';
}

}  // namespace

std::string TextTable::text(std::size_t width) const {
    const std::size_t columns = rows_.front().size();
    std::vector<std::size_t> widths(columns, 0);
    std::vector<bool> used(columns, false);
    for (std::size_t r = 0; r < rows_.size(); ++r) {
        MYRIAD_CHECK(rows_[r].size() == columns, "row " + std::to_string(r) + " of a table has another length");
        for (std::size_t c = 0; c < columns; ++c) {
            widths[c] = std::max(widths[c], rows_[r][c].size());
            used[c] = used[c] || (r > 0 && !rows_[r][c].empty());
        }
    }
    std::size_t indent = 0;
    for (std::size_t c = 0; c + 1 < columns; ++c) {
        indent += used[c] ? widths[c] + kGap : 0;
    }
    const std::size_t last_width = std::max(kNarrowest, width > indent ? width - indent : 0);
    std::string out;
    for (const std::vector<std::string>& row : rows_) {
        std::string line;
        for (std::size_t c = 0; c + 1 < columns; ++c) {
            if (used[c]) {
                line += row[c] + std::string(widths[c] - row[c].size() + kGap, ' ');
            }
        }
        if (used.back()) {
            const std::vector<std::string> tail = wrapped(row.back(), last_width);
            append_line(out, line + tail.front());
            for (std::size_t i = 1; i < tail.size(); ++i) {
                append_line(out, std::string(indent, ' ') + tail[i]);
            }
        } else {
            append_line(out, line);
        }
    }
    return out;
}

}  // namespace myriad
