// Widths are counted in bytes: what the simulator prints is ASCII, and a name that is not only spoils its column.

#include "app/result/aligned_table.h"

#include "sim/error/error.h"

#include <algorithm>
#include <utility>

namespace myriad {
namespace {

void append_line(std::string& out, std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    out += line;
    out += '\n';
}

}  // namespace

AlignedTable::AlignedTable(std::vector<Column> columns) : columns_(std::move(columns)) {
    std::vector<std::string> header;
    for (const Column& column : columns_) {
        header.push_back(column.name);
    }
    rows_.push_back(std::move(header));
}

void AlignedTable::add(std::vector<std::string> row) {
    MYRIAD_CHECK(row.size() == columns_.size(), "a row of " + std::to_string(row.size()) + " cells in a table of " +
                                                    std::to_string(columns_.size()) + " columns");
    rows_.push_back(std::move(row));
}

std::string AlignedTable::text(std::size_t indent) const {
    std::vector<std::size_t> widths(columns_.size(), 0);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        bool used = false;
        for (std::size_t r = 0; r < rows_.size(); ++r) {
            widths[c] = std::max(widths[c], rows_[r][c].size());
            used = used || (r > 0 && !rows_[r][c].empty());
        }
        widths[c] = used ? widths[c] : 0;
    }
    std::string out;
    for (const std::vector<std::string>& row : rows_) {
        std::string line(indent, ' ');
        for (std::size_t c = 0; c < columns_.size(); ++c) {
            if (widths[c] == 0) {
                continue;
            }
            const std::string pad(widths[c] - row[c].size(), ' ');
            line += (columns_[c].align == Align::left ? row[c] + pad : pad + row[c]) + "  ";
        }
        append_line(out, std::move(line));
    }
    return out;
}

std::string paragraph(const std::string& label, const std::string& text, std::size_t indent, std::size_t width) {
    std::string out;
    std::string line = label;
    line.resize(std::max(indent, label.size()), ' ');
    bool empty = true;  // nothing of the text stands in this line yet
    std::size_t from = 0;
    while (from < text.size()) {
        const std::size_t end = std::min(text.find(' ', from), text.size());
        const std::string word = text.substr(from, end - from);
        if (!empty && line.size() + 1 + word.size() > width) {
            append_line(out, std::move(line));
            line.assign(indent, ' ');
            empty = true;
        }
        line += (empty ? "" : " ") + word;
        empty = false;
        from = end + 1;
    }
    append_line(out, std::move(line));
    return out;
}

}  // namespace myriad
