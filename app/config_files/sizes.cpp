// nccl-tests has -b, -e, -f and -i for the first size, the last, a factor and a step; one text holds them here.

#include "app/config_files/sizes.h"

#include "sim/units/quantity_text.h"

#include <fmt/format.h>

namespace myriad {
namespace {

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

std::string too_many(std::string_view text) { return fmt::format("'{}' has more than {} sizes", text, kMaxSizes); }

// first:last:2x
std::string append_geometric(Bytes first, Bytes last, std::string_view factor_text, std::vector<Bytes>& out) {
    const auto factor = parse_number(trimmed(factor_text.substr(0, factor_text.size() - 1)));
    if (!factor || factor.value <= 1.0) {
        return fmt::format("expected a factor above 1, like '2x', found '{}'", factor_text);
    }
    for (double size = static_cast<double>(first.count()); size <= static_cast<double>(last.count());
         size *= factor.value) {
        out.push_back(Bytes{static_cast<std::int64_t>(size + 0.5)});
        if (static_cast<std::int64_t>(out.size()) > kMaxSizes) {
            return too_many(factor_text);
        }
    }
    return {};
}

std::string append_range(std::string_view text, std::vector<Bytes>& out) {
    const std::vector<std::string_view> parts = split(text, ':');
    const auto first = parse_quantity<Bytes>(trimmed(parts[0]));
    if (!first) {
        return first.problem;
    }
    if (first.value.count() < 1) {
        return fmt::format("expected a size above 0, found '{}'", text);
    }
    if (parts.size() == 1) {
        out.push_back(first.value);
        return {};
    }
    if (parts.size() != 3) {
        return fmt::format("expected 'first:last:2x' or 'first:last:step', found '{}'", text);
    }
    const auto last = parse_quantity<Bytes>(trimmed(parts[1]));
    if (!last) {
        return last.problem;
    }
    if (last.value < first.value) {
        return fmt::format("the last size of '{}' is below the first", text);
    }
    const std::string_view step_text = trimmed(parts[2]);
    if (!step_text.empty() && step_text.back() == 'x') {
        return append_geometric(first.value, last.value, step_text, out);
    }
    const auto step = parse_quantity<Bytes>(step_text);
    if (!step || step.value.count() < 1) {
        return fmt::format("expected a factor like '2x' or a step like '1 MiB', found '{}'", step_text);
    }
    if (count_of(last.value - first.value, step.value) >= kMaxSizes) {
        return too_many(text);
    }
    for (Bytes size = first.value; size <= last.value; size += step.value) {
        out.push_back(size);
    }
    return {};
}

}  // namespace

ParsedSizes parse_sizes(std::string_view text) {
    ParsedSizes result;
    for (const std::string_view part : split(text, ',')) {
        result.problem = append_range(trimmed(part), result.sizes);
        if (result.problem.empty() && static_cast<std::int64_t>(result.sizes.size()) > kMaxSizes) {
            result.problem = too_many(text);
        }
        if (!result.problem.empty()) {
            result.sizes.clear();
            break;
        }
    }
    return result;
}

}  // namespace myriad
