// nccl-tests has -b, -e, -f and -i for the first value, the last, a factor and a step; one text holds them here.

#include "app/config_files/ranges.h"

#include <fmt/format.h>

namespace myriad {
namespace {

class RangeReader {
public:
    RangeReader(const RangeWords& words, std::vector<std::int64_t>& out) : words_(words), out_(out) {}

    // One value or one range; what is wrong with it.
    std::string append(std::string_view text) {
        const std::vector<std::string_view> parts = split(text, ':');
        const auto first = words_.parse(trimmed(parts[0]));
        if (!first) {
            return first.problem;
        }
        if (first.value < 1) {
            return fmt::format("expected a {} above 0, found '{}'", words_.noun, text);
        }
        if (parts.size() == 1) {
            out_.push_back(first.value);
            return {};
        }
        if (parts.size() != 3) {
            return fmt::format("expected 'first:last:2x' or 'first:last:step', found '{}'", text);
        }
        const auto last = words_.parse(trimmed(parts[1]));
        if (!last) {
            return last.problem;
        }
        if (last.value < first.value) {
            return fmt::format("the last {} of '{}' is below the first", words_.noun, text);
        }
        const std::string_view step_text = trimmed(parts[2]);
        return !step_text.empty() && step_text.back() == 'x' ? geometric(first.value, last.value, step_text)
                                                             : arithmetic(text, first.value, last.value, step_text);
    }

    [[nodiscard]] std::string too_many(std::string_view text) const {
        return fmt::format("'{}' has more than {} {}s", text, kMaxRangeValues, words_.noun);
    }

private:
    // first:last:2x
    std::string geometric(std::int64_t first, std::int64_t last, std::string_view factor_text) {
        const auto factor = parse_number(trimmed(factor_text.substr(0, factor_text.size() - 1)));
        if (!factor || factor.value <= 1.0) {
            return fmt::format("expected a factor above 1, like '2x', found '{}'", factor_text);
        }
        for (double value = static_cast<double>(first); value <= static_cast<double>(last); value *= factor.value) {
            out_.push_back(static_cast<std::int64_t>(value + 0.5));
            if (static_cast<std::int64_t>(out_.size()) > kMaxRangeValues) {
                return too_many(factor_text);
            }
        }
        return {};
    }

    // first:last:step
    std::string arithmetic(std::string_view text, std::int64_t first, std::int64_t last, std::string_view step_text) {
        const auto step = words_.parse(step_text);
        if (!step || step.value < 1) {
            return fmt::format("expected a factor like '2x' or a step like '{}', found '{}'", words_.step, step_text);
        }
        if ((last - first) / step.value >= kMaxRangeValues) {
            return too_many(text);
        }
        for (std::int64_t value = first; value <= last; value += step.value) {
            out_.push_back(value);
        }
        return {};
    }

    const RangeWords& words_;
    std::vector<std::int64_t>& out_;
};

}  // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(at + 1);
    }
}

ParsedRange parse_range(std::string_view text, const RangeWords& words) {
    ParsedRange result;
    RangeReader reader(words, result.values);
    for (const std::string_view part : split(text, ',')) {
        result.problem = reader.append(trimmed(part));
        if (result.problem.empty() && static_cast<std::int64_t>(result.values.size()) > kMaxRangeValues) {
            result.problem = reader.too_many(text);
        }
        if (!result.problem.empty()) {
            result.values.clear();
            break;
        }
    }
    return result;
}

}  // namespace myriad
