// A text is split at commas; a part with '=' names its field, one without takes the next field in order, or is a flag.

#include "app/kernel/kernel_text.h"

#include "app/config_files/ranges.h"
#include "app/config_files/sizes.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace myriad {
namespace {

constexpr std::int64_t kMost = 1'000'000'000'000;  // of a field; products are checked where they are made
constexpr std::size_t kMaxPoints = 1000;
constexpr std::size_t kMaxExperts = 4096;

constexpr std::array kTypes{DataType::fp32, DataType::tf32, DataType::bf16,
                            DataType::fp16, DataType::fp8,  DataType::int8};

class TextReader {
public:
    TextReader(const KernelFamily& family, std::string option) : family_(family), option_(std::move(option)) {}

    [[noreturn]] void fail(const std::string& message) const { throw UserError(SourceMark{option_, 0, 0}, message); }

    void read(std::string_view text, KernelSpec& spec) const {
        std::size_t next = 0;  // field of the next part without a name
        std::vector<std::string> given;
        for (const std::string_view raw : split(text, ',')) {
            const std::string_view part = trimmed(raw);
            const std::size_t equals = part.find('=');
            const KernelField* field = nullptr;
            std::string_view value = part;
            if (equals != std::string_view::npos) {
                field = &named(trimmed(part.substr(0, equals)));
                value = trimmed(part.substr(equals + 1));
            } else if (const KernelField* flag = family_.field(part);
                       flag != nullptr && flag->kind == FieldKind::flag) {
                field = flag;
                value = "yes";
            } else if (next < family_.fields.size()) {
                field = &family_.fields[next++];
            } else {
                fail(fmt::format("expected {}, found {} values", family_.placeholder, split(text, ',').size()));
            }
            if (std::find(given.begin(), given.end(), field->name) != given.end()) {
                fail(fmt::format("'{}' is given twice", field->name));
            }
            given.emplace_back(field->name);
            set(*field, value, spec);
        }
    }

    // What was not given: presets, or the value of another field.
    void complete(KernelSpec& spec) const {
        for (const KernelField& field : family_.fields) {
            const bool known =
                field.kind == FieldKind::rows ? !spec.rows.empty() : spec.values.find(field.name) != spec.values.end();
            if (known) {
                continue;
            }
            if (field.preset) {
                spec.values[std::string(field.name)] = *field.preset;
            } else if (!field.as.empty()) {
                spec.values[std::string(field.name)] = spec.at(field.as);
            } else {
                fail(fmt::format("'{}' is missing, expected {} with keys {}", field.name, family_.placeholder,
                                 fmt::join(family_.field_names(), ", ")));
            }
        }
        const std::string problem = family_.problem == nullptr ? "" : family_.problem(spec);
        if (!problem.empty()) {
            fail(problem);
        }
    }

    [[nodiscard]] const KernelField& named(std::string_view name) const {
        const KernelField* field = family_.field(name);
        if (field == nullptr) {
            const std::vector<std::string> names = family_.field_names();
            fail(fmt::format("unknown key '{}' of --{}, expected one of {}{}", name, family_.name,
                             fmt::join(names, ", "), did_you_mean(name, names)));
        }
        return *field;
    }

    void check_range(const KernelField& field, std::int64_t value, std::string_view text) const {
        if (value < field.least || value > kMost) {
            fail(fmt::format("'{}': expected {} to 10^12, found '{}'", field.name, field.least, text));
        }
    }

private:
    void set(const KernelField& field, std::string_view text, KernelSpec& spec) const {
        if (field.kind == FieldKind::rows) {
            spec.rows = rows(field, text);
            return;
        }
        std::int64_t value = 0;
        if (field.kind == FieldKind::flag) {
            value = chosen(field, text, {"no", "yes"});
        } else if (field.kind == FieldKind::word) {
            value = chosen(field, text, field.words);
        } else {
            value = number(field, text);
        }
        spec.values[std::string(field.name)] = value;
    }

    [[nodiscard]] std::int64_t number(const KernelField& field, std::string_view text) const {
        const auto value = field.kind == FieldKind::size ? parse_byte_count(text) : parse_integer(text);
        if (!value) {
            fail(fmt::format("'{}': {}", field.name, value.problem));
        }
        check_range(field, value.value, text);
        return value.value;
    }

    [[nodiscard]] std::int64_t chosen(const KernelField& field, std::string_view text,
                                      const std::vector<std::string_view>& words) const {
        const auto word = std::find(words.begin(), words.end(), text);
        if (word == words.end()) {
            const std::vector<std::string> candidates(words.begin(), words.end());
            fail(fmt::format("'{}': expected one of {}, found '{}'{}", field.name, fmt::join(words, ", "), text,
                             did_you_mean(text, candidates)));
        }
        return word - words.begin();
    }

    // "128:64", "8x128:0"
    [[nodiscard]] std::vector<std::int64_t> rows(const KernelField& field, std::string_view text) const {
        std::vector<std::int64_t> result;
        for (const std::string_view part : split(text, ':')) {
            const std::size_t times = part.find('x');
            const std::string_view rows_text = times == std::string_view::npos ? part : part.substr(times + 1);
            const std::int64_t value = number(field, trimmed(rows_text));
            const std::int64_t count =
                times == std::string_view::npos ? 1 : number({"experts"}, trimmed(part.substr(0, times)));
            if (static_cast<std::size_t>(count) > kMaxExperts - std::min(result.size(), kMaxExperts)) {
                fail(fmt::format("'{}': expected at most {} experts", field.name, kMaxExperts));
            }
            result.insert(result.end(), static_cast<std::size_t>(count), value);
        }
        return result;
    }

    const KernelFamily& family_;
    std::string option_;
};

KernelAxis parse_axis(const KernelFamily& family, const std::string& text) {
    const TextReader reader(family, "--sweep " + text);
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        reader.fail("expected AXIS=VALUES, like m=1:16384:2x or k=4096,8192");
    }
    const std::string_view name = trimmed(std::string_view(text).substr(0, equals));
    const KernelField& field = reader.named(name);
    if (field.kind != FieldKind::whole && field.kind != FieldKind::size) {
        reader.fail(fmt::format("'{}' is no number, so it is no axis", name));
    }
    const RangeWords words = field.kind == FieldKind::size ? RangeWords{parse_byte_count, "size", "1 MiB"}
                                                           : RangeWords{parse_integer, "value", "64"};
    ParsedRange range = parse_range(std::string_view(text).substr(equals + 1), words);
    if (!range.problem.empty()) {
        reader.fail(fmt::format("'{}': {}", name, range.problem));
    }
    for (const std::int64_t value : range.values) {
        reader.check_range(field, value, std::to_string(value));
    }
    return {std::string(name), std::move(range.values)};
}

// What a field shows as in a text that would be read back.
std::string rows_text(const std::vector<std::int64_t>& rows) {
    std::string text;
    for (std::size_t i = 0; i < rows.size();) {
        std::size_t end = i;
        while (end < rows.size() && rows[end] == rows[i]) {
            ++end;
        }
        const std::string times = end - i > 1 ? fmt::format("{}x", end - i) : "";
        text += fmt::format("{}{}{}", text.empty() ? "" : ":", times, rows[i]);
        i = end;
    }
    return text;
}

}  // namespace

DataType parse_data_type(const std::string& text) {
    std::vector<std::string> names;
    for (const DataType type : kTypes) {
        names.emplace_back(name_of(type));
        if (names.back() == text) {
            return type;
        }
    }
    throw UserError(
        SourceMark{"--dtype " + text, 0, 0},
        fmt::format("expected one of {}, found '{}'{}", fmt::join(names, ", "), text, did_you_mean(text, names)));
}

KernelRequest parse_kernel_request(const KernelFamily& family, const std::string& text, DataType type,
                                   const std::vector<std::string>& sweeps) {
    KernelRequest request;
    request.option = fmt::format("--{} {}", family.name, text);
    const TextReader reader(family, request.option);
    KernelSpec base;
    base.family = &family;
    base.type = type;
    reader.read(text, base);
    std::vector<KernelSpec> points{base};
    for (const std::string& sweep : sweeps) {
        KernelAxis axis = parse_axis(family, sweep);
        for (const KernelAxis& other : request.axes) {
            if (other.field == axis.field) {
                throw UserError(SourceMark{"--sweep " + sweep, 0, 0}, fmt::format("'{}' is swept twice", axis.field));
            }
        }
        if (points.size() * axis.values.size() > kMaxPoints) {
            throw UserError(SourceMark{"--sweep " + sweep, 0, 0},
                            fmt::format("the sweep has {} points, expected at most {}",
                                        points.size() * axis.values.size(), kMaxPoints));
        }
        std::vector<KernelSpec> combined;
        for (const KernelSpec& point : points) {
            for (const std::int64_t value : axis.values) {
                combined.push_back(point);
                combined.back().values[axis.field] = value;
            }
        }
        points = std::move(combined);
        request.axes.push_back(std::move(axis));
    }
    for (KernelSpec& point : points) {
        reader.complete(point);
    }
    request.points = std::move(points);
    return request;
}

Kernel make_kernel(const KernelSpec& spec, const std::string& option) {
    try {
        return spec.family->make(spec);
    } catch (const UserError& error) {
        throw UserError(SourceMark{option, 0, 0}, error.diagnostics().front().message);
    }
}

std::string field_text(const KernelSpec& spec, const KernelField& field) {
    switch (field.kind) {
        case FieldKind::rows:
            return rows_text(spec.rows);
        case FieldKind::size:
            return human_text(Bytes{spec.at(field.name)});
        case FieldKind::flag:
            return spec.at(field.name) != 0 ? "yes" : "no";
        case FieldKind::word:
            return std::string(field.words[static_cast<std::size_t>(spec.at(field.name))]);
        case FieldKind::whole:
            break;
    }
    return std::to_string(spec.at(field.name));
}

std::string fields_text(const KernelSpec& spec) {
    std::string text;
    for (const KernelField& field : spec.family->fields) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", field.name, field_text(spec, field));
    }
    return text;
}

}  // namespace myriad
