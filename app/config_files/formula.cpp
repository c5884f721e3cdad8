// Recursive descent, evaluated on the way: formulas are short and schedules small.

#include "app/config_files/formula.h"

#include "sim/error/error.h"

#include <cctype>
#include <cstdlib>

#include <fmt/format.h>

namespace myriad {

namespace {

constexpr std::int64_t kLimit = std::int64_t{1} << 40;

constexpr int kLevels = 7;
// Operators of a level, the loosest first; longer ones before their beginnings.
constexpr std::string_view kOperators[kLevels][6] = {
    {"or"}, {"and"}, {"<=", ">=", "==", "!=", "<", ">"}, {"xor"}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "%"}};

std::int64_t floor_quotient(std::int64_t a, std::int64_t b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

class Parser {
public:
    Parser(std::string_view text, const FormulaNames& names) : text_(text), names_(names) {}

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
    static bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }

    bool take(std::string_view token) {
        skip_space();
        if (token.empty() || text_.substr(at_, token.size()) != token) {
            return false;
        }
        const char next = at_ + token.size() < text_.size() ? text_[at_ + token.size()] : ' ';
        const bool shift = (token == "<" || token == ">") && next == token[0];
        if (shift || (is_letter(token[0]) && is_letter(next))) {
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
        while (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) {
            ++at_;
        }
        if (at_ > begin) {
            return at_ - begin > 12
                       ? checked(kLimit + 1)
                       : checked(std::strtoll(std::string(text_.substr(begin, at_ - begin)).c_str(), nullptr, 10));
        }
        while (at_ < text_.size() && is_letter(text_[at_])) {
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
        if (value > kLimit || value < -kLimit) {
            throw FormulaError(fmt::format("a number beyond 2^40 in formula '{}'", text_));
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
        if (operation == "*" && a != 0 && (b > kLimit / std::abs(a) || b < -kLimit / std::abs(a))) {
            return checked(kLimit + 1);
        }
        if (operation == "<<") {
            return a > kLimit >> b || a < -(kLimit >> b) ? checked(kLimit + 1) : a * (std::int64_t{1} << b);
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
    std::size_t at_ = 0;
};

}  // namespace

std::int64_t value_of_formula(std::string_view text, const FormulaNames& names) { return Parser(text, names).all(); }

}  // namespace myriad
