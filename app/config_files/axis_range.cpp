// A value is rounded as a text and then read like any other, so that a point is what its label says.

#include "app/config_files/axis_range.h"

#include "sim/config/value_text.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace myriad {
namespace {

constexpr std::size_t kValuesMost = 100'000;
constexpr double kSlack = 1e-9;  // of a sum of steps that should meet the end

constexpr ValueKind kKinds[] = {ValueKind::number, ValueKind::bandwidth, ValueKind::bytes,
                                ValueKind::time,   ValueKind::frequency, ValueKind::throughput,
                                ValueKind::work,   ValueKind::power,     ValueKind::price};

std::optional<LabelNumber> read_number(std::string_view text) {
    for (const ValueKind kind : kKinds) {
        if (const auto parsed = parse_value(kind, text)) {
            const ParsedNumber& number = parsed.value;
            return LabelNumber{kind, number.is_integer ? static_cast<double>(number.integer) : number.number};
        }
    }
    return std::nullopt;
}

// "100 GB/s" -> "GB/s"
std::string unit_of(std::string_view text) {
    const std::size_t letter = text.find_first_not_of("0123456789.+- ");
    return letter == std::string_view::npos ? "" : std::string(text.substr(letter));
}

// "8", not "8.0": how a user says that values are whole.
bool is_whole_text(const std::string& text) {
    return text.find('.') == std::string::npos && static_cast<bool>(parse_integer(text));
}

// Without exponent and without zeros at the end.
std::string digits_text(double number, int significant) {
    const int before = number == 0.0 ? 1 : static_cast<int>(std::floor(std::log10(std::abs(number)))) + 1;
    if (before >= significant) {
        const double unit = std::pow(10.0, before - significant);
        return fmt::format("{:.0f}", std::round(number / unit) * unit);
    }
    std::string text = fmt::format("{:.{}f}", number, significant - before);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
        text.pop_back();
    }
    return text == "-0" ? "0" : text;
}

bool is_whole_number(double number) { return std::abs(number - std::round(number)) <= kSlack * std::abs(number); }

}  // namespace

std::optional<LabelNumber> number_of_label(std::string_view label) {
    std::string_view text = trimmed(label);
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
        text = trimmed(text.substr(1, text.size() - 2));
    }
    if (text.size() > 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) {
        text = text.substr(1, text.size() - 2);
    }
    return read_number(text);
}

AxisRange::AxisRange(std::string_view from, std::string_view to, bool is_log)
    : from_text_(trimmed(from)), to_text_(trimmed(to)), is_log_(is_log) {
    const auto first = read_number(from_text_);
    const auto last = read_number(to_text_);
    if (!first || !last) {
        problem_ = fmt::format("expected a number or a quantity with its unit, like '100 GB/s', found '{}'",
                               first ? to_text_ : from_text_);
        return;
    }
    if (first->kind != last->kind) {
        problem_ = fmt::format("the ends '{}' and '{}' are of different kinds", from_text_, to_text_);
        return;
    }
    if (first->value >= last->value) {
        problem_ = fmt::format("expected 'from' below 'to', found '{}' and '{}'", from_text_, to_text_);
        return;
    }
    if (is_log && first->value <= 0.0) {
        problem_ = fmt::format("equal ratios need a 'from' above 0, found '{}'", from_text_);
        return;
    }
    kind_ = first->kind;
    unit_ = kind_ == ValueKind::number ? "" : unit_of(from_text_);
    one_unit_ = kind_ == ValueKind::number || unit_ == unit_of(to_text_);
    is_whole_ = kind_ == ValueKind::number && is_whole_text(from_text_) && is_whole_text(to_text_);
    // Numbers in the unit, not in bytes or picoseconds: 0.1 GB/s x 7 is 0.7 GB/s.
    unit_size_ = unit_.empty() ? 1.0 : read_number("1000000 " + unit_)->value / 1e6;
    from_ = first->value / unit_size_;
    to_ = last->value / unit_size_;
}

double AxisRange::number_at(double share) const {
    return is_log_ ? from_ * std::pow(to_ / from_, share) : from_ + (to_ - from_) * share;
}

// In two units, 1048576 B is better said 1 MiB.
std::string AxisRange::with_unit(const std::string& number) const {
    const std::string text = unit_.empty() ? number : number + " " + unit_;
    if (one_unit_) {
        return text;
    }
    const std::string shortest = canonical_text(kind_, text);
    return shortest.size() <= text.size() ? shortest : text;
}

std::string AxisRange::exact_label(double number) const {
    constexpr double kExactMost = 1e15;
    if (is_whole_ || (is_whole_number(number) && std::abs(number) < kExactMost)) {
        return with_unit(fmt::format("{:.0f}", std::round(number)));
    }
    constexpr int kShort = 6;
    const std::string text = digits_text(number, 10);
    const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return with_unit(digits <= kShort ? text : digits_text(number, 4));
}

std::string AxisRange::label_at(double share) const {
    if (share <= 0.0 || share >= 1.0) {
        return share <= 0.0 ? from_text_ : to_text_;
    }
    const double number = number_at(share);
    return with_unit(is_whole_ ? fmt::format("{:.0f}", std::round(number)) : digits_text(number, 4));
}

std::optional<double> AxisRange::share_of(std::string_view label) const {
    const auto number = read_number(trimmed(label));
    if (!number || number->kind != kind_) {
        return std::nullopt;
    }
    const double value = number->value / unit_size_;
    if (value < from_ * (1.0 - kSlack) || value > to_ * (1.0 + kSlack)) {
        return std::nullopt;
    }
    return is_log_ ? std::log(value / from_) / std::log(to_ / from_) : (value - from_) / (to_ - from_);
}

AxisRange::Labels AxisRange::without_twins(Labels labels) const {
    for (std::size_t i = 1; i < labels.labels.size(); ++i) {
        if (labels.labels[i] == labels.labels[i - 1]) {
            labels.problem =
                fmt::format("values {} and {} both round to '{}'; take fewer{}", i, i + 1, labels.labels[i],
                            is_whole_ ? fmt::format(", or '{}.0' for fractions", from_text_) : "");
            return labels;
        }
    }
    return labels;
}

AxisRange::Labels AxisRange::by_steps(std::int64_t steps) const {
    Labels result;
    for (std::int64_t i = 0; i < steps; ++i) {
        result.labels.push_back(label_at(static_cast<double>(i) / static_cast<double>(steps - 1)));
    }
    return without_twins(std::move(result));
}

AxisRange::Labels AxisRange::by_step(std::string_view step) const {
    Labels result;
    const auto size = read_number(trimmed(step));
    if (!size || size->kind != kind_ || size->value <= 0.0) {
        result.problem = fmt::format("expected a step above 0 of the kind of '{}', found '{}'", from_text_, step);
        return result;
    }
    if (is_whole_ && !parse_integer(trimmed(step))) {
        result.problem = fmt::format("expected a whole step between whole ends, found '{}'; write '{}.0' for fractions",
                                     step, from_text_);
        return result;
    }
    const double width = size->value / unit_size_;
    if ((to_ - from_) / width >= static_cast<double>(kValuesMost)) {
        result.problem = fmt::format("more than {} values", kValuesMost);
        return result;
    }
    for (std::int64_t i = 0;; ++i) {
        const double number = from_ + width * static_cast<double>(i);
        if (number > to_ + kSlack * width) {
            break;
        }
        result.labels.push_back(i == 0 ? from_text_ : exact_label(number));
    }
    return without_twins(std::move(result));
}

AxisRange::Labels AxisRange::by_factor(std::string_view factor) const {
    Labels result;
    std::string_view text = trimmed(factor);
    if (!text.empty() && text.back() == 'x') {
        text.remove_suffix(1);
    }
    const auto ratio = parse_number(trimmed(text));
    if (!ratio || ratio.value <= 1.0 || !std::isfinite(ratio.value)) {
        result.problem = fmt::format("expected a factor above 1, like '2x', found '{}'", factor);
        return result;
    }
    if (from_ <= 0.0) {
        result.problem = fmt::format("a factor needs a 'from' above 0, found '{}'", from_text_);
        return result;
    }
    for (double number = from_; number <= to_ * (1.0 + kSlack); number *= ratio.value) {
        result.labels.push_back(result.labels.empty() ? from_text_ : exact_label(number));
        if (result.labels.size() > kValuesMost) {
            result.problem = fmt::format("more than {} values", kValuesMost);
            return result;
        }
    }
    return without_twins(std::move(result));
}

}  // namespace myriad
