#pragma once
// Plain text tables: columns as wide as their cells, the last one wrapped under itself.

#include <cstddef>
#include <string>
#include <vector>

namespace myriad {

class TextTable {
public:
    explicit TextTable(std::vector<std::string> header) { rows_.push_back(std::move(header)); }
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    [[nodiscard]] std::size_t rows() const { return rows_.size() - 1; }
    // Lines of at most `width` columns where words allow it; no trailing blanks. Columns in which no row has anything
    // are left out.
    [[nodiscard]] std::string text(std::size_t width = 120) const;

private:
    std::vector<std::vector<std::string>> rows_;  // the header first
};

}  // namespace myriad
