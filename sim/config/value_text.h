#pragma once
// What the text of a value means, by the kind that the schema gives it.

#include "sim/config/schema.h"
#include "sim/units/quantity_text.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace myriad {

// A number of any kind, in base units: integers stay integers.
struct ParsedNumber {
    bool is_integer = false;
    std::int64_t integer = 0;
    double number = 0.0;
    [[nodiscard]] bool below(const ParsedNumber& other) const {
        return is_integer ? integer < other.integer : number < other.number;
    }
};

// Kinds with an order: integers, numbers and quantities.
[[nodiscard]] bool is_numeric(ValueKind kind);
// Numeric kinds only.
[[nodiscard]] Parsed<ParsedNumber> parse_value(ValueKind kind, std::string_view text);
// The shortest text of the same value; other kinds than numeric ones come back as they are.
[[nodiscard]] std::string canonical_text(ValueKind kind, const std::string& text);
// "a bandwidth with its unit, like '50 GB/s'"
[[nodiscard]] std::string expected_text(const SchemaKey& key);
// "a bandwidth", for the reference page.
[[nodiscard]] std::string kind_text(const SchemaKey& key);

// Kind, range and words; empty if the text is good.
[[nodiscard]] std::string problem_of_text(const SchemaKey& key, const std::string& text);

}  // namespace myriad
