// A range is two texts with units. They become numbers in the base unit of their kind, the number drawn between them
// becomes a text again. Picoseconds, bytes and the like are whole; so are values whose key is a whole number.

#include "app/uncertainty/assumption.h"

#include "sim/error/error.h"
#include "sim/random/random_stream.h"
#include "sim/units/quantity_text.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>

namespace myriad {
namespace {

constexpr double kWide = 4.0;  // a range that spans more is drawn in its logarithm

template <class Q>
std::optional<double> number_of(const std::string& text) {
    const Parsed<Q> parsed = parse_quantity<Q>(text);
    return parsed ? std::optional(static_cast<double>(parsed.value.count())) : std::nullopt;
}

std::optional<double> number_of(ValueKind kind, const std::string& text) {
    switch (kind) {
        case ValueKind::integer:
        case ValueKind::number: {
            const Parsed<double> parsed = parse_number(text);
            return parsed ? std::optional(parsed.value) : std::nullopt;
        }
        case ValueKind::time:
            return number_of<Picoseconds>(text);
        case ValueKind::bytes:
            return number_of<Bytes>(text);
        case ValueKind::bandwidth:
            return number_of<BytesPerSecond>(text);
        case ValueKind::frequency:
            return number_of<Hertz>(text);
        case ValueKind::work:
            return number_of<Flop>(text);
        case ValueKind::throughput:
            return number_of<FlopPerSecond>(text);
        case ValueKind::power:
            return number_of<Watts>(text);
        case ValueKind::price:
            return number_of<UsDollarsPerHour>(text);
        default:
            return std::nullopt;  // a word, a flag: no range
    }
}

template <class Q>
std::string whole_text(double number) {
    return exact_text(Q{std::llround(number)});
}

std::string text_of(ValueKind kind, double number) {
    switch (kind) {
        case ValueKind::integer:
            return exact_text(static_cast<std::int64_t>(std::llround(number)));
        case ValueKind::time:
            return whole_text<Picoseconds>(number);
        case ValueKind::bytes:
            return whole_text<Bytes>(number);
        case ValueKind::bandwidth:
            return whole_text<BytesPerSecond>(number);
        case ValueKind::frequency:
            return whole_text<Hertz>(number);
        case ValueKind::work:
            return exact_text(Flop{number});
        case ValueKind::throughput:
            return exact_text(FlopPerSecond{number});
        case ValueKind::power:
            return exact_text(Watts{number});
        case ValueKind::price:
            return exact_text(UsDollarsPerHour{number});
        default:
            return exact_text(number);
    }
}

}  // namespace

std::vector<Assumption> assumptions_of(const std::vector<SourcedText>& assumed) {
    std::vector<Assumption> assumptions;
    std::map<std::tuple<std::string, int, int, std::string>, std::size_t> known;  // by place and value
    for (const SourcedText& value : assumed) {
        if (!value.range) {
            continue;
        }
        const auto low = number_of(value.kind, value.range->first);
        const auto high = number_of(value.kind, value.range->second);
        if (!low || !high || *low >= *high) {
            continue;
        }
        const auto [at, is_new] = known.emplace(
            std::tuple(value.mark.file, value.mark.line, value.mark.column, value.value), assumptions.size());
        if (!is_new) {
            assumptions[at->second].paths.push_back(value.path);
            continue;
        }
        assumptions.push_back(
            {.paths = {value.path},
             .value = value.value,
             .low = value.range->first,
             .high = value.range->second,
             .kind = value.kind,
             .source = value.source,
             .logarithmic = *low > 0.0 && *high / *low > kWide,
             // The file's own name only: where it lies on this machine may not move a draw.
             .stream = "uncertainty." + value.path + "." + std::filesystem::path(value.mark.file).stem().string()});
    }
    return assumptions;
}

void keep_loadable(std::vector<Assumption>& assumptions,
                   const std::function<bool(const std::vector<std::string>& overrides)>& loads) {
    constexpr double kTriedMost = 64.0;
    for (Assumption& assumption : assumptions) {
        const double low = number_of(assumption.kind, assumption.low).value_or(0.0);
        const double high = number_of(assumption.kind, assumption.high).value_or(0.0);
        if (assumption.kind != ValueKind::integer || high - low >= kTriedMost) {
            continue;
        }
        for (double number = low; number <= high; number += 1.0) {
            const std::string text = text_of(assumption.kind, number);
            std::vector<std::string> overrides;
            put_over(assumption, text, overrides);
            if (loads(overrides)) {
                assumption.choices.push_back(text);
            }
        }
    }
    std::erase_if(assumptions, [](const Assumption& assumption) { return assumption.choices.size() == 1; });
}

std::string value_at(const Assumption& assumption, double share) {
    const auto low = number_of(assumption.kind, assumption.low);
    const auto high = number_of(assumption.kind, assumption.high);
    MYRIAD_CHECK(low && high && share >= 0.0 && share <= 1.0, "a range of " + assumption.name());
    if (!assumption.choices.empty()) {
        const auto count = static_cast<double>(assumption.choices.size());
        return assumption.choices[static_cast<std::size_t>(std::min(count - 1.0, std::floor(share * count)))];
    }
    if (assumption.kind == ValueKind::integer) {
        return text_of(assumption.kind, std::min(*high, *low + std::floor(share * (*high - *low + 1.0))));
    }
    return text_of(assumption.kind, assumption.logarithmic
                                        ? std::clamp(*low * std::exp(share * std::log(*high / *low)), *low, *high)
                                        : *low + share * (*high - *low));
}

void put_over(const Assumption& assumption, const std::string& value, std::vector<std::string>& overrides) {
    for (const std::string& path : assumption.paths) {
        overrides.push_back(path + "=" + value);
    }
}

std::vector<double> latin_column(std::uint64_t seed, const std::string& stream, std::size_t count) {
    RandomStream random(seed, stream);
    std::vector<std::uint32_t> parts = random.permutation(static_cast<std::uint32_t>(count));
    std::vector<double> column;
    column.reserve(count);
    for (const std::uint32_t part : parts) {
        column.push_back((part + random.real()) / static_cast<double>(count));
    }
    return column;
}

}  // namespace myriad
