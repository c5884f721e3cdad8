#pragma once
// Sizes of a collective as a user writes them, on the command line or in a scenario.

#include "sim/units/quantity_text.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

// The sizes, or what is wrong with the text: `problem` is empty exactly when `sizes` is good.
struct ParsedSizes {
    std::vector<Bytes> sizes;
    std::string problem;
};

// "256 MiB", a range "8 B:8 GiB:2x" (first, last, factor) or "1 MiB:8 MiB:1 MiB" (first, last, step); several by
// commas.
[[nodiscard]] ParsedSizes parse_sizes(std::string_view text);

// A size as a number of bytes.
[[nodiscard]] Parsed<std::int64_t> parse_byte_count(std::string_view text);

}  // namespace myriad
