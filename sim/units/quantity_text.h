#pragma once
// Text forms of quantities: "50 GB/s", "400 Gb/s", "96 GiB", "1.2 us", "1.7 GHz", "118.7 TFLOP/s", "400 W",
// "0.62 USD/h".
//
//     const Parsed<BytesPerSecond> rate = parse_quantity<BytesPerSecond>("400 Gb/s");
//     if (!rate) { report(rate.problem); }  // "expected a bandwidth with its unit, like '50 GB/s', found '400'"
//     use(rate.value);                      // 50,000,000,000 bytes/s
//     human_text(rate.value);               // "50 GB/s", at most four significant digits
//     exact_text(rate.value);               // reads back to the same number
//
// k, M, G, T, P, E are powers of 1000; Ki, Mi, Gi, Ti, Pi, Ei powers of 1024. B is a byte, b a bit. Between number and
// unit stands a space or nothing. Integers (time, sizes, bandwidths, frequencies) are rounded half up to a whole
// picosecond, byte or hertz, in integer arithmetic; a negative, infinite or too large value is a problem.
//
// The functions exist for Picoseconds, Bytes, BytesPerSecond, Hertz, Flop, FlopPerSecond ("TOP/s" too), Watts and
// UsDollarsPerHour.

#include "sim/units/units.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace myriad {

// A value, or what is wrong with the text: `problem` is empty exactly when `value` is good.
template <class T>
struct Parsed {
    T value = {};
    std::string problem = {};
    [[nodiscard]] explicit operator bool() const { return problem.empty(); }
};

template <class Q>
[[nodiscard]] Parsed<Q> parse_quantity(std::string_view text);

// At most four significant digits, in the unit that makes the number shortest: "1.235 us", "96 GiB".
template <class Q>
[[nodiscard]] std::string human_text(Q quantity);

// The shortest text that parse_quantity turns into exactly this quantity.
template <class Q>
[[nodiscard]] std::string exact_text(Q quantity);

// "a bandwidth with its unit, like '50 GB/s'"
template <class Q>
[[nodiscard]] std::string expected_text();

// Without blanks at either end.
[[nodiscard]] std::string_view trimmed(std::string_view text);

// Plain numbers: "16384", "1e6", "-3"; "0.85".
[[nodiscard]] Parsed<std::int64_t> parse_integer(std::string_view text);
[[nodiscard]] Parsed<double> parse_number(std::string_view text);
[[nodiscard]] std::string exact_text(std::int64_t value);
[[nodiscard]] std::string exact_text(double value);

}  // namespace myriad
