#pragma once
// Text tables of figures: numbers to the right, words to the left, so that magnitudes can be compared by eye.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

enum class Align : std::uint8_t { left, right };

class AlignedTable {
public:
    struct Column {
        std::string name;
        Align align = Align::right;
    };
    explicit AlignedTable(std::vector<Column> columns);
    void add(std::vector<std::string> row);
    // Every line begins with `indent` blanks; none ends with one. A column without any cell is left out.
    [[nodiscard]] std::string text(std::size_t indent) const;

private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;  // the header first
};

// `text` in lines of at most `width` columns, broken at blanks: the first begins with `label`, padded to `indent`, the
// others with `indent` blanks. A word longer than a line keeps its line.
[[nodiscard]] std::string paragraph(const std::string& label, const std::string& text, std::size_t indent,
                                    std::size_t width);

}  // namespace myriad
