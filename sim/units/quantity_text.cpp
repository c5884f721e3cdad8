// Text to quantity and back. A literal is split into up to 19 digits and a power of ten; an integer quantity is that
// mantissa times the unit's factor in 128-bit integers, rounded once, and a floating one is handed to from_chars with
// the unit's power of ten folded into the exponent, rounded once. So "1.2 us" is 1,200,000 ps, and a printed value
// reads back to itself. Assumption: units of floating quantities are powers of ten.

#include "sim/units/quantity_text.h"

#include "sim/error/error.h"
#include "sim/units/quantity_units.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <system_error>
#include <type_traits>
#include <vector>

namespace myriad {

namespace {

using namespace quantity_units;

template <class Q>
constexpr const Dimension& dimension_of();
template <>
constexpr const Dimension& dimension_of<Picoseconds>() {
    return kTimeDimension;
}
template <>
constexpr const Dimension& dimension_of<Bytes>() {
    return kByteDimension;
}
template <>
constexpr const Dimension& dimension_of<BytesPerSecond>() {
    return kBandwidthDimension;
}
template <>
constexpr const Dimension& dimension_of<Hertz>() {
    return kFrequencyDimension;
}
template <>
constexpr const Dimension& dimension_of<Flop>() {
    return kWorkDimension;
}
template <>
constexpr const Dimension& dimension_of<FlopPerSecond>() {
    return kThroughputDimension;
}
template <>
constexpr const Dimension& dimension_of<Watts>() {
    return kPowerDimension;
}
template <>
constexpr const Dimension& dimension_of<UsDollarsPerHour>() {
    return kPriceDimension;
}

constexpr int kMostDigits = 19;  // of a mantissa; 10^19 times the largest factor, 2^60, stays below 2^127

// mantissa x 10^exponent, exactly.
struct Decimal {
    bool negative = false;
    std::uint64_t mantissa = 0;
    int exponent = 0;
    std::size_t length = 0;  // characters consumed
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "e6" or "E-3" at `at`; nothing consumed when no digit follows, so that a unit may begin with an E.
void read_exponent(std::string_view text, std::size_t& at, int& exponent) {
    if (at >= text.size() || (text[at] != 'e' && text[at] != 'E')) {
        return;
    }
    std::size_t end = at + 1;
    const bool negative = end < text.size() && text[end] == '-';
    if (end < text.size() && (text[end] == '-' || text[end] == '+')) {
        ++end;
    }
    if (end >= text.size() || !is_digit(text[end])) {
        return;
    }
    int value = 0;
    for (; end < text.size() && is_digit(text[end]); ++end) {
        value = std::min(value * 10 + (text[end] - '0'), 10'000);
    }
    exponent += negative ? -value : value;
    at = end;
}

// The number at the head of the text; none if there is no digit.
std::optional<Decimal> read_decimal(std::string_view text) {
    Decimal decimal;
    std::size_t at = 0;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
        decimal.negative = text[at] == '-';
        ++at;
    }
    bool point = false;
    bool any = false;
    bool full = false;      // 19 digits read: what follows is below the precision of every quantity
    int digits = 0;         // significant ones
    int pending_zeros = 0;  // not yet known to be significant: "5000000000000000000000000" has one digit
    for (; at < text.size() && (is_digit(text[at]) || (text[at] == '.' && !point)); ++at) {
        if (text[at] == '.') {
            point = true;
            continue;
        }
        any = true;
        decimal.exponent -= point ? 1 : 0;
        if (text[at] == '0') {
            pending_zeros += decimal.mantissa != 0 ? 1 : 0;
            continue;
        }
        full = full || digits + pending_zeros + 1 > kMostDigits;
        if (full) {
            decimal.exponent += pending_zeros + 1;
            pending_zeros = 0;
            continue;
        }
        digits += pending_zeros + 1;
        for (; pending_zeros > 0; --pending_zeros) {
            decimal.mantissa *= 10;
        }
        decimal.mantissa = decimal.mantissa * 10 + static_cast<std::uint64_t>(text[at] - '0');
    }
    decimal.exponent += pending_zeros;
    if (!any) {
        return std::nullopt;
    }
    read_exponent(text, at, decimal.exponent);
    decimal.length = at;
    return decimal;
}

// decimal x factor / divisor, rounded half up; none if above 2^63 - 1.
std::optional<std::int64_t> scaled(const Decimal& decimal, std::int64_t factor, std::int64_t divisor) {
    constexpr Int128 kLimit = std::numeric_limits<std::int64_t>::max();
    Int128 numerator = static_cast<Int128>(decimal.mantissa) * factor;
    Int128 denominator = divisor;
    for (int i = 0; i < decimal.exponent && numerator != 0; ++i) {
        if (numerator > kLimit * divisor) {
            return std::nullopt;
        }
        numerator *= 10;
    }
    for (int i = 0; i > decimal.exponent; --i) {
        if (denominator > numerator / 5) {  // less than a half already
            return 0;
        }
        denominator *= 10;
    }
    const Int128 rounded = (numerator * 2 + denominator) / (denominator * 2);
    if (rounded > kLimit) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(rounded);
}

// decimal x 10^exponent to the nearest double; none if it is not finite.
std::optional<double> scaled_double(const Decimal& decimal, int exponent) {
    const std::string text = std::to_string(decimal.mantissa) + "e" + std::to_string(decimal.exponent + exponent);
    double value = 0.0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem == std::errc::result_out_of_range) {
        // from_chars does not say whether it was too small or too large
        return decimal.exponent + exponent < 0 ? std::optional<double>{0.0} : std::nullopt;
    }
    return problem == std::errc{} && end == text.data() + text.size() && std::isfinite(value)
               ? std::optional<double>{value}
               : std::nullopt;
}

// What a message may quote: one line, not the whole file.
std::string quoted(std::string_view text) {
    constexpr std::size_t kMostQuoted = 60;
    return "'" + std::string(text.substr(0, kMostQuoted)) + (text.size() > kMostQuoted ? "...'" : "'");
}

const Unit* find_unit(const Dimension& dimension, std::string_view name) {
    const auto found = std::find_if(dimension.units.begin(), dimension.units.end(),
                                    [&](const Unit& unit) { return unit.name == name; });
    return found == dimension.units.end() ? nullptr : &*found;
}

std::string expected(const Dimension& dimension) {
    return std::string(dimension.name) + " with its unit, like '" + std::string(dimension.example) + "'";
}

// Why no unit of the dimension is called so.
std::string unknown_unit(const Dimension& dimension, std::string_view text, std::string_view unit) {
    const std::string wrong = "expected " + expected(dimension) + ", found ";
    if (unit.empty()) {
        return wrong + quoted(text);
    }
    for (const Dimension* other : kDimensions) {
        if (find_unit(*other, unit) != nullptr) {
            return wrong + std::string(other->name) + ", " + quoted(text);
        }
    }
    std::vector<std::string> names;
    for (const Unit& candidate : dimension.units) {
        names.emplace_back(candidate.name);
    }
    return wrong + "the unit " + quoted(unit) + did_you_mean(unit, names);
}

struct Literal {
    Decimal number = {};
    const Unit* unit = nullptr;
    std::string problem = {};
};

Literal read_literal(const Dimension& dimension, std::string_view text) {
    const std::string_view inner = trimmed(text);
    const std::optional<Decimal> number = read_decimal(inner);
    if (!number) {
        return Literal{.problem = "expected " + expected(dimension) + ", found " + quoted(text)};
    }
    const std::string_view unit = trimmed(inner.substr(number->length));
    Literal literal{.number = *number, .unit = find_unit(dimension, unit)};
    if (literal.unit == nullptr) {
        literal.problem = unknown_unit(dimension, inner, unit);
    } else if (number->negative && number->mantissa != 0) {
        literal.problem = "expected " + expected(dimension) + ", found the negative " + quoted(inner);
    }
    return literal;
}

// digits[.digits] of mantissa x 10^exponent, without an exponent.
std::string plain_decimal(std::string digits, int exponent) {
    while (digits.size() > 1 && digits.back() == '0' && exponent < 0) {
        digits.pop_back();
        ++exponent;
    }
    if (digits == "0") {
        return "0";
    }
    if (exponent >= 0) {
        return digits + std::string(static_cast<std::size_t>(exponent), '0');
    }
    const std::size_t places = static_cast<std::size_t>(-exponent);
    if (digits.size() <= places) {
        digits.insert(0, places + 1 - digits.size(), '0');
    }
    digits.insert(digits.size() - places, 1, '.');
    return digits;
}

// Length of a text, with a handicap for thousands and for fractions: "139.264 TFLOP/s" reads better than
// "139264 GFLOP/s", "500 GFLOP/s" better than "0.5 TFLOP/s".
std::size_t awkwardness(const std::string& text) {
    constexpr std::size_t kHandicap = 2;
    const bool handicapped = text.find_first_of(". ") > 3 || text.starts_with("0.");
    return text.size() + (handicapped ? kHandicap : 0);
}

// The least awkward text over all printed units that divide the value into a finite decimal; the larger unit at a tie.
std::string exact_integer_text(const Dimension& dimension, std::int64_t count) {
    std::string best;
    for (const Unit& unit : dimension.units) {
        if (!unit.printed) {
            continue;
        }
        int power = 0;
        std::int64_t factor = unit.factor;
        for (; factor % 10 == 0; factor /= 10) {
            ++power;
        }
        // Binary units only where they divide the value, or "12345 B" would become a fraction of 60 digits.
        if (count % factor != 0) {
            continue;
        }
        std::string text = plain_decimal(std::to_string(count / factor), -power) + " " + std::string(unit.name);
        const bool below_one = count != 0 && count < unit.factor;
        if (best.empty() || (!below_one && awkwardness(text) <= awkwardness(best) && count != 0)) {
            best = std::move(text);
        }
    }
    return best;
}

struct ShortestDigits {
    std::string digits;
    int exponent = 0;
};

// The shortest decimal that reads back to the same double.
ShortestDigits shortest(double value) {
    std::array<char, 64> buffer{};
    const auto [end, problem] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
    MYRIAD_CHECK(problem == std::errc{}, "a double always fits 64 characters");
    const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    const std::size_t e = text.find('e');
    ShortestDigits result;
    for (const char c : text.substr(0, e)) {
        if (is_digit(c)) {
            result.digits += c;
        }
    }
    std::string_view power = text.substr(e + 1);
    power.remove_prefix(power.front() == '+' ? 1 : 0);
    std::from_chars(power.data(), power.data() + power.size(), result.exponent);
    result.exponent -= static_cast<int>(result.digits.size()) - 1;
    return result;
}

std::string exact_double_text(const Dimension& dimension, double count) {
    MYRIAD_CHECK(std::isfinite(count) && count >= 0.0, "only finite, non-negative quantities have a text form");
    const ShortestDigits number = shortest(count);
    std::string best;
    for (const Unit& unit : dimension.units) {
        if (!unit.printed) {
            continue;
        }
        std::string text = plain_decimal(number.digits, number.exponent - unit.exponent) + " " + std::string(unit.name);
        if (best.empty() || (awkwardness(text) <= awkwardness(best) && number.digits != "0")) {
            best = std::move(text);
        }
    }
    return best;
}

// At most four significant digits, no exponent, no trailing zeros.
std::string four_digits(double value) {
    if (value == 0.0) {
        return "0";
    }
    const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(value))));
    const int decimals = std::clamp(3 - magnitude, 0, 12);
    std::array<char, 400> buffer{};
    const auto [end, problem] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
    MYRIAD_CHECK(problem == std::errc{}, "a double always fits 400 characters");
    std::string text(buffer.data(), end);
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') {
            text.pop_back();
        }
    }
    return text;
}

bool is_binary(const Unit& unit) { return unit.name.size() > 1 && unit.name[1] == 'i'; }

// `count` base units in the largest unit that leaves at least one of it after rounding to four digits.
std::string rounded_text(const Dimension& dimension, double count, bool binary) {
    const Unit* chosen = nullptr;
    for (const Unit& unit : dimension.units) {
        const double size = static_cast<double>(unit.factor) * std::pow(10.0, unit.exponent);
        const bool family = !binary || is_binary(unit) || unit.factor == 1;
        if (unit.printed && family && (chosen == nullptr || count >= size * 0.99995)) {
            chosen = &unit;
        }
    }
    const double size = static_cast<double>(chosen->factor) * std::pow(10.0, chosen->exponent);
    return four_digits(count / size) + " " + std::string(chosen->name);
}

std::size_t significant_digits(const std::string& text) {
    std::string digits;
    for (const char c : text.substr(0, text.find(' '))) {
        if (is_digit(c) && (!digits.empty() || c != '0')) {
            digits += c;
        }
    }
    return digits.size();
}

}  // namespace

template <class Q>
Parsed<Q> parse_quantity(std::string_view text) {
    const Dimension& dimension = dimension_of<Q>();
    const Literal literal = read_literal(dimension, text);
    if (!literal.problem.empty()) {
        return Parsed<Q>{.problem = literal.problem};
    }
    const auto too_large = [&] { return Parsed<Q>{.problem = quoted(trimmed(text)) + " is too large"}; };
    if constexpr (std::is_same_v<typename Q::rep, double>) {
        const std::optional<double> count = scaled_double(literal.number, literal.unit->exponent);
        return count ? Parsed<Q>{.value = Q{*count}} : too_large();
    } else {
        const std::optional<std::int64_t> count = scaled(literal.number, literal.unit->factor, literal.unit->divisor);
        return count ? Parsed<Q>{.value = Q{*count}} : too_large();
    }
}

template <class Q>
std::string exact_text(Q quantity) {
    if constexpr (std::is_same_v<typename Q::rep, double>) {
        return exact_double_text(dimension_of<Q>(), quantity.count());
    } else {
        const std::int64_t count = quantity.count();
        if (count < 0) {  // only differences are negative; they are printed, never parsed
            return "-" + exact_integer_text(dimension_of<Q>(), -count);
        }
        return exact_integer_text(dimension_of<Q>(), count);
    }
}

template <class Q>
std::string human_text(Q quantity) {
    const double count = static_cast<double>(quantity.count());
    if (count < 0.0) {
        return "-" + human_text(Q{-quantity.count()});
    }
    if constexpr (std::is_same_v<Q, Bytes>) {
        // "80 GB" and "96 GiB" stay as their makers call them; a computed size is told in powers of 1024.
        const std::string exact = exact_text(quantity);
        return significant_digits(exact) <= 4 ? exact : rounded_text(kByteDimension, count, true);
    } else {
        return rounded_text(dimension_of<Q>(), count, false);
    }
}

template <class Q>
std::string expected_text() {
    return expected(dimension_of<Q>());
}

#define MYRIAD_QUANTITY_TEXT(Q)                             \
    template Parsed<Q> parse_quantity<Q>(std::string_view); \
    template std::string human_text<Q>(Q);                  \
    template std::string exact_text<Q>(Q);                  \
    template std::string expected_text<Q>()
MYRIAD_QUANTITY_TEXT(Picoseconds);
MYRIAD_QUANTITY_TEXT(Bytes);
MYRIAD_QUANTITY_TEXT(BytesPerSecond);
MYRIAD_QUANTITY_TEXT(Hertz);
MYRIAD_QUANTITY_TEXT(Flop);
MYRIAD_QUANTITY_TEXT(FlopPerSecond);
MYRIAD_QUANTITY_TEXT(Watts);
MYRIAD_QUANTITY_TEXT(UsDollarsPerHour);
#undef MYRIAD_QUANTITY_TEXT

Parsed<std::int64_t> parse_integer(std::string_view text) {
    const std::optional<Decimal> number = read_decimal(text);
    const bool whole = number && number->length == text.size() && (number->exponent >= 0 || number->mantissa == 0);
    if (!whole) {
        return {.problem = "expected a whole number, found " + quoted(text)};
    }
    const std::optional<std::int64_t> value = scaled(*number, 1, 1);
    if (!value) {
        return {.problem = quoted(text) + " is too large"};
    }
    return {.value = number->negative ? -*value : *value};
}

Parsed<double> parse_number(std::string_view text) {
    const std::optional<Decimal> number = read_decimal(text);
    if (!number || number->length != text.size()) {
        return {.problem = "expected a number, found " + quoted(text)};
    }
    const std::optional<double> value = scaled_double(*number, 0);
    if (!value) {
        return {.problem = quoted(text) + " is too large"};
    }
    return {.value = number->negative ? -*value : *value};
}

std::string exact_text(std::int64_t value) { return std::to_string(value); }

std::string exact_text(double value) {
    MYRIAD_CHECK(std::isfinite(value), "only finite numbers have a text form");
    constexpr int kLongest = 15;  // zeros beyond which an exponent reads better
    const ShortestDigits number = shortest(std::abs(value));
    const std::string sign = value < 0.0 ? "-" : "";
    if (number.exponent > kLongest || number.exponent + static_cast<int>(number.digits.size()) < -3) {
        return sign + number.digits + "e" + std::to_string(number.exponent);
    }
    return sign + plain_decimal(number.digits, number.exponent);
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') {
        text.remove_prefix(1);
    }
    while (!text.empty() && text.back() == ' ') {
        text.remove_suffix(1);
    }
    return text;
}

}  // namespace myriad
