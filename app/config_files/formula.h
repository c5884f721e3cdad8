#pragma once
// Whole-number formulas of schedule and sweep files: "(r + 1) % n", "r xor (1 << s)", "r < n / 2 and s > 0".
//
// In order of binding: ( ), - and not; * / %; + -; << >>; xor; < <= > >= == !=; and; or. True is 1. a % b is never
// negative ((-1) % 4 is 3), a / b rounds down.

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace myriad {

class FormulaError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

using FormulaNames = std::vector<std::pair<std::string_view, std::int64_t>>;

// Names begin with a letter or '_' and go on with those and digits. Throws FormulaError: what is expected where, an
// unknown name (with the known ones), a division by zero, a number beyond 2^`limit_bits`, which is at most 61.
[[nodiscard]] std::int64_t value_of_formula(std::string_view text, const FormulaNames& names, int limit_bits = 40);

// Every name in it once, in order of first use, whether the formula is right or not.
[[nodiscard]] std::vector<std::string> names_in_formula(std::string_view text);
// Whether a formula can use `text` as a name.
[[nodiscard]] bool is_formula_name(std::string_view text);

}  // namespace myriad
