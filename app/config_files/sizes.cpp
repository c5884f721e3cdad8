// Sizes are ranges of bytes.

#include "app/config_files/sizes.h"

#include "app/config_files/ranges.h"

namespace myriad {

Parsed<std::int64_t> parse_byte_count(std::string_view text) {
    const auto size = parse_quantity<Bytes>(text);
    return {size.value.count(), size.problem};
}

ParsedSizes parse_sizes(std::string_view text) {
    const ParsedRange range = parse_range(text, {parse_byte_count, "size", "1 MiB"});
    ParsedSizes result{{}, range.problem};
    for (const std::int64_t bytes : range.values) {
        result.sizes.emplace_back(bytes);
    }
    return result;
}

}  // namespace myriad
