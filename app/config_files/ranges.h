#pragma once
// Lists and ranges of whole values as a user writes them: "4096", "1:16384:2x" (first, last, factor), "64:512:64" (first,
// last, step); several by commas. What a value is (a size, a count) the caller says.

#include "sim/units/quantity_text.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

inline constexpr std::int64_t kMaxRangeValues = 1000;

// How values are read and what messages call them.
struct RangeWords {
    Parsed<std::int64_t> (*parse)(std::string_view text);
    std::string_view noun;  // "size"
    std::string_view step;  // an example: "1 MiB"
};

// The values, or what is wrong with the text: `problem` is empty exactly when `values` is good. Values are above 0.
struct ParsedRange {
    std::vector<std::int64_t> values;
    std::string problem;
};

[[nodiscard]] ParsedRange parse_range(std::string_view text, const RangeWords& words);

[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace myriad
