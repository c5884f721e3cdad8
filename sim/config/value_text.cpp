// One switch from kinds to types; everything else about a kind follows from the type's text form.

#include "sim/config/value_text.h"

#include "sim/error/error.h"

#include <type_traits>
#include <vector>

namespace myriad {

namespace {

// Calls f with a value of the type that a numeric kind is read as.
template <class F>
auto with_type(ValueKind kind, F&& f) {
    switch (kind) {
        case ValueKind::number:
            return f(double{});
        case ValueKind::time:
            return f(Picoseconds{});
        case ValueKind::bytes:
            return f(Bytes{});
        case ValueKind::bandwidth:
            return f(BytesPerSecond{});
        case ValueKind::frequency:
            return f(Hertz{});
        case ValueKind::work:
            return f(Flop{});
        case ValueKind::throughput:
            return f(FlopPerSecond{});
        case ValueKind::power:
            return f(Watts{});
        case ValueKind::price:
            return f(UsDollarsPerHour{});
        default:
            return f(std::int64_t{});
    }
}

template <class T>
Parsed<T> parse_as(std::string_view text) {
    if constexpr (std::is_same_v<T, std::int64_t>) {
        return parse_integer(text);
    } else if constexpr (std::is_same_v<T, double>) {
        return parse_number(text);
    } else {
        return parse_quantity<T>(text);
    }
}

template <class T>
ParsedNumber number_of(T value) {
    if constexpr (std::is_same_v<T, std::int64_t>) {
        return {.is_integer = true, .integer = value};
    } else if constexpr (std::is_same_v<T, double>) {
        return {.number = value};
    } else {
        return number_of(value.count());
    }
}

template <class T>
std::string expected_of() {
    if constexpr (std::is_same_v<T, std::int64_t>) {
        return "a whole number";
    } else if constexpr (std::is_same_v<T, double>) {
        return "a number";
    } else {
        return expected_text<T>();
    }
}

std::string range_problem(const SchemaKey& key, const std::string& text, const ParsedNumber& value) {
    const bool below = key.minimum && value.below(parse_value(key.kind, *key.minimum).value);
    const bool above = key.maximum && parse_value(key.kind, *key.maximum).value.below(value);
    if (!below && !above) {
        return "";
    }
    const std::string allowed = !key.maximum   ? "at least " + *key.minimum
                                : !key.minimum ? "at most " + *key.maximum
                                               : *key.minimum + " to " + *key.maximum;
    return "'" + text + "' is out of range; expected " + allowed;
}

std::string word_problem(const SchemaKey& key, const std::string& text) {
    std::vector<std::string> names;
    std::string list;
    for (const AllowedWord& word : key.words) {
        if (word.name == text) {
            return "";
        }
        names.push_back(word.name);
        list += (list.empty() ? "" : ", ") + word.name;
    }
    return "expected one of " + list + "; found '" + text.substr(0, 60) + "'" + did_you_mean(text, names);
}

}  // namespace

bool is_numeric(ValueKind kind) {
    switch (kind) {
        case ValueKind::integer:
        case ValueKind::number:
        case ValueKind::time:
        case ValueKind::bytes:
        case ValueKind::bandwidth:
        case ValueKind::frequency:
        case ValueKind::work:
        case ValueKind::throughput:
        case ValueKind::power:
        case ValueKind::price:
            return true;
        default:
            return false;
    }
}

Parsed<ParsedNumber> parse_value(ValueKind kind, std::string_view text) {
    return with_type(kind, [&]<class T>(T) {
        const Parsed<T> parsed = parse_as<T>(text);
        return Parsed<ParsedNumber>{.value = number_of(parsed.value), .problem = parsed.problem};
    });
}

std::string canonical_text(ValueKind kind, const std::string& text) {
    if (!is_numeric(kind)) {
        return text;
    }
    return with_type(kind, [&]<class T>(T) { return exact_text(parse_as<T>(text).value); });
}

std::string expected_text(const SchemaKey& key) {
    switch (key.kind) {
        case ValueKind::text:
            return "a text";
        case ValueKind::word:
            return "a word";
        case ValueKind::boolean:
            return "true or false";
        case ValueKind::yaml:
            return "a value";
        case ValueKind::section:
            return "a map";
        case ValueKind::reference:
            return "the name of a " + key.nested().name() + ", a path ending in .yaml, or a map";
        default:
            return with_type(key.kind, []<class T>(T) { return expected_of<T>(); });
    }
}

std::string kind_text(const SchemaKey& key) {
    const std::string expected = expected_text(key);
    return expected.substr(0, expected.find(" with its unit"));
}

std::string problem_of_text(const SchemaKey& key, const std::string& text) {
    if (key.kind == ValueKind::word) {
        return word_problem(key, text);
    }
    if (key.kind == ValueKind::boolean) {
        return text == "true" || text == "false" ? "" : "expected true or false, found '" + text.substr(0, 60) + "'";
    }
    if (!is_numeric(key.kind)) {
        return "";
    }
    const Parsed<ParsedNumber> parsed = parse_value(key.kind, text);
    return parsed ? range_problem(key, text, parsed.value) : parsed.problem;
}

}  // namespace myriad
