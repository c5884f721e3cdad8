#pragma once
// How many pieces of `b` cover `a`; both positive, or a zero.

#include <cstdint>

namespace myriad {

[[nodiscard]] constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace myriad
