// Recursive descent, evaluated on the way: formulas are short and schedules small.

#include "app/config_files/formula.h"

#include "sim/error/error.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iterator>

#include <fmt/format.h>

namespace myriad {

namespace {

constexpr int kLevels = 7;
// Operators of a level, the loosest first; longer ones before their beginnings.
constexpr std::string_view kOperators[kLevels][6] = {
    {"or"}, {"and"}, {"<=", ">=", "==", "!=", "<", ">"}, {"xor"}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "%"}};

std::int64_t floor_quotient(std::int64_t a, std::int64_t b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

class Parser {
public:
    Parser(std::string_view text, const FormulaNames& names, int limit_bits)
        : text_(text), names_(names), limit_bits_(limit_bits), limit_(std::int64_t{1} << limit_bits) {}

    std::int64_t all() {
        const std::int64_t value = level(0);
        skip_space();
        if (at_ < text_.size()) {
            fail("an operator");
        }
        return value;
    }

private:
    [[noreturn]] void fail(std::string_view expected) const {
        throw FormulaError(fmt::format("expected {} at '{}' in formula '{}'", expected,
                                       at_ < text_.size() ? text_.substr(at_) : "the end", text_));
    }
    void skip_space() {
        while (at_ < text_.size() && text_[at_] == ' ') {
            ++at_;
        }
    }

    bool take(std::string_view token) {
        skip_space();
        if (token.empty() || text_.substr(at_, token.size()) != token) {
            return false;
        }
        const char next = at_ + token.size() < text_.size() ? text_[at_ + token.size()] : ' ';
        const bool shift = (token == "<" || token == ">") && next == token[0];
        if (shift || (is_letter(token[0]) && (is_letter(next) || is_digit(next)))) {
            return false;
        }
        at_ += token.size();
        return true;
    }

    std::int64_t level(int depth) {
        if (depth == kLevels) {
            return atom();
        }
        std::int64_t value = level(depth + 1);
        for (bool more = true; more;) {
            more = false;
            for (const std::string_view operation : kOperators[depth]) {
                if (take(operation)) {
                    value = apply(operation, value, level(depth + 1));
                    more = true;
                    break;
                }
            }
        }
        return value;
    }

    std::int64_t atom() {
        if (take("-")) {
            return -atom();
        }
        if (take("not")) {
            return atom() == 0 ? 1 : 0;
        }
        if (take("(")) {
            const std::int64_t value = level(0);
            if (!take(")")) {
                fail("')'");
            }
            return value;
        }
        skip_space();
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_digit(text_[at_])) {
            ++at_;
        }
        if (at_ > begin) {
            constexpr std::size_t kDigitsMost = 18;  // fewer than 2^63
            return at_ - begin > kDigitsMost
                       ? checked(limit_ + 1)
                       : checked(std::strtoll(std::string(text_.substr(begin, at_ - begin)).c_str(), nullptr, 10));
        }
        while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) {
            ++at_;
        }
        return named(text_.substr(begin, at_ - begin));
    }

    std::int64_t named(std::string_view name) {
        if (name.empty()) {
            fail("a number, a name or '('");
        }
        std::vector<std::string> known;
        for (const auto& [known_name, value] : names_) {
            if (known_name == name) {
                return value;
            }
            known.emplace_back(known_name);
        }
        throw FormulaError(fmt::format("unknown name '{}' in formula '{}', expected one of {}{}", name, text_,
                                       fmt::join(known, ", "), did_you_mean(std::string(name), known)));
    }

    std::int64_t checked(std::int64_t value) const {
        if (value > limit_ || value < -limit_) {
            throw FormulaError(fmt::format("a number beyond 2^{} in formula '{}'", limit_bits_, text_));
        }
        return value;
    }

    std::int64_t apply(std::string_view operation, std::int64_t a, std::int64_t b) const {
        if ((operation == "/" || operation == "%") && b == 0) {
            throw FormulaError(fmt::format("division by zero in formula '{}'", text_));
        }
        if ((operation == "<<" || operation == ">>") && (b < 0 || b > 40)) {
            throw FormulaError(fmt::format("a shift by {} in formula '{}', expected 0 to 40", b, text_));
        }
        if (operation == "*" && a != 0 && (b > limit_ / std::abs(a) || b < -limit_ / std::abs(a))) {
            return checked(limit_ + 1);
        }
        if (operation == "<<") {
            return a > limit_ >> b || a < -(limit_ >> b) ? checked(limit_ + 1) : a * (std::int64_t{1} << b);
        }
        return operation == "*"     ? a * b
               : operation == "/"   ? floor_quotient(a, b)
               : operation == "%"   ? a - b * floor_quotient(a, b)
               : operation == "+"   ? checked(a + b)
               : operation == "-"   ? checked(a - b)
               : operation == ">>"  ? a >> b
               : operation == "xor" ? a ^ b
               : operation == "<"   ? a < b
               : operation == "<="  ? a <= b
               : operation == ">"   ? a > b
               : operation == ">="  ? a >= b
               : operation == "=="  ? a == b
               : operation == "!="  ? a != b
               : operation == "and" ? (a != 0 && b != 0)
                                    : (a != 0 || b != 0);
    }

    std::string_view text_;
    const FormulaNames& names_;
    int limit_bits_;
    std::int64_t limit_;
    std::size_t at_ = 0;
};

}  // namespace

std::int64_t value_of_formula(std::string_view text, const FormulaNames& names, int limit_bits) {
    return Parser(text, names, limit_bits).all();
}

bool is_formula_name(std::string_view text) {
    constexpr std::string_view kWords[] = {"and", "or", "not", "xor"};
    return !text.empty() && is_letter(text[0]) &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); }) &&
           std::find(std::begin(kWords), std::end(kWords), text) == std::end(kWords);
}

std::vector<std::string> names_in_formula(std::string_view text) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]))) {
            ++end;
        }
        const std::string word(text.substr(at, end - at));
        if (is_formula_name(word) && std::find(names.begin(), names.end(), word) == names.end()) {
            names.push_back(word);
        }
        at = std::max(end, at + 1);
    }
    return names;
}

}  // namespace myriad
