#pragma once
// The one place where a configuration key is documented. A Schema is a table of keys; the reader checks files against
// it, the reference page and the JSON Schema are generated from it (sim/config/schema_text.h), and a Section
// (sim/config/section.h) refuses to read what it does not document.
//
//     inline constexpr Word<WiringRecipe> kWiringWords[] = {
//         {"full_mesh", WiringRecipe::full_mesh, "every pair, one link"},
//         {"product", WiringRecipe::product, "Cartesian product of `factors`"},
//     };
//
//     const Schema& wiring_schema() {                        // a function, so that schemas may contain themselves
//         static const Schema schema{"wiring", "How the cards of a server are joined.", {
//             word_key("recipe", "shape of the graph", kWiringWords).required(),
//             key<int>("size", "cards; for a product the factors say it").between("1", "1024"),
//             section_key("factors", "what a product is built from", wiring_schema).list(),
//         }};
//         return schema;
//     }
//
//     const Schema& chip_schema() {
//         static const Schema schema = Schema{"chip", "One card.", {
//             key<std::string>("name", "how results call it").by_file_name(),
//             key<Hertz>("clock", "of the cores").required().between("1 MHz", "10 GHz").sourced(),
//             key<Bytes>("page", "unit of DMA").by_default("4 KiB"),
//             key<FlopPerSecond>("peak", "dense matrix throughput by data type").named().sourced(),
//             section_key("links", "ICN links", links_schema).required(),
//         }}.in_folder("chips").require_sources();            // configs/chips/NAME.yaml
//         return schema;
//     }
//
//     reference_key("chip", "the card", chip_schema)          // NAME | path.yaml | {inline keys} | {base: NAME,
//     overrides}
//
// A key that is neither required() nor by_default() may be absent: Section::has / Section::find.

#include "sim/units/units.h"

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace myriad {

enum class ValueKind : std::uint8_t {
    text,
    word,
    boolean,
    integer,
    number,
    time,
    bytes,
    bandwidth,
    frequency,
    work,
    throughput,
    power,
    price,
    yaml,       // any YAML value, read as one line of text (an axis of a sweep)
    section,    // a map with a schema of its own
    reference,  // a section that may also be a name or a path of a file of that schema
};

// one value, a list of values, or a map from names of the user's choice to values
enum class Shape : std::uint8_t { one, list, named };

// An allowed word of an enumeration, with its meaning for the reference page.
template <class E>
struct Word {
    std::string_view name;
    E value;
    std::string_view doc = {};
};

// What the schema needs of a Word.
struct AllowedWord {
    std::string name = {};
    std::string doc = {};
};

class Schema;
using SchemaFunction = const Schema& (*)();

struct SchemaKey {
    std::string name = {};
    std::string doc = {};
    ValueKind kind = ValueKind::text;
    Shape shape = Shape::one;
    bool is_required = false;
    bool is_sourced = false;    // carries status, source and range: Sourced<T>
    bool is_file_name = false;  // default: the name of the file it stands in, without folder and .yaml
    std::optional<std::string> default_text = {};  // as written in YAML
    std::optional<std::string> minimum = {};       // inclusive, as written in YAML
    std::optional<std::string> maximum = {};
    std::vector<AllowedWord> words = {};  // word
    SchemaFunction nested = nullptr;      // section, reference

    [[nodiscard]] SchemaKey required() && {
        is_required = true;
        return std::move(*this);
    }
    // For a section or reference, `text` is flow YAML: "{}" fills a section with its own defaults.
    [[nodiscard]] SchemaKey by_default(std::string text) && {
        default_text = std::move(text);
        return std::move(*this);
    }
    [[nodiscard]] SchemaKey by_file_name() && {
        is_file_name = true;
        return std::move(*this);
    }
    [[nodiscard]] SchemaKey at_least(std::string low) && {
        minimum = std::move(low);
        return std::move(*this);
    }
    [[nodiscard]] SchemaKey between(std::string low, std::string high) && {
        minimum = std::move(low);
        maximum = std::move(high);
        return std::move(*this);
    }
    [[nodiscard]] SchemaKey sourced() && {
        is_sourced = true;
        return std::move(*this);
    }
    [[nodiscard]] SchemaKey list() && {
        shape = Shape::list;
        return std::move(*this);
    }
    [[nodiscard]] SchemaKey named() && {
        shape = Shape::named;
        return std::move(*this);
    }
};

// The kind that a C++ type is read as.
template <class T>
[[nodiscard]] constexpr ValueKind kind_of() {
    if constexpr (std::same_as<T, std::string>) {
        return ValueKind::text;
    } else if constexpr (std::same_as<T, bool>) {
        return ValueKind::boolean;
    } else if constexpr (std::integral<T>) {
        return ValueKind::integer;
    } else if constexpr (std::same_as<T, double>) {
        return ValueKind::number;
    } else if constexpr (std::same_as<T, Picoseconds>) {
        return ValueKind::time;
    } else if constexpr (std::same_as<T, Bytes>) {
        return ValueKind::bytes;
    } else if constexpr (std::same_as<T, BytesPerSecond>) {
        return ValueKind::bandwidth;
    } else if constexpr (std::same_as<T, Hertz>) {
        return ValueKind::frequency;
    } else if constexpr (std::same_as<T, Flop>) {
        return ValueKind::work;
    } else if constexpr (std::same_as<T, FlopPerSecond>) {
        return ValueKind::throughput;
    } else if constexpr (std::same_as<T, Watts>) {
        return ValueKind::power;
    } else {
        static_assert(std::same_as<T, UsDollarsPerHour>, "no text form for this type");
        return ValueKind::price;
    }
}

template <class T>
[[nodiscard]] SchemaKey key(std::string name, std::string doc) {
    return SchemaKey{.name = std::move(name), .doc = std::move(doc), .kind = kind_of<T>()};
}
[[nodiscard]] SchemaKey yaml_key(std::string name, std::string doc);
[[nodiscard]] SchemaKey section_key(std::string name, std::string doc, SchemaFunction schema);
[[nodiscard]] SchemaKey reference_key(std::string name, std::string doc, SchemaFunction schema);
[[nodiscard]] SchemaKey word_key(std::string name, std::string doc, std::vector<AllowedWord> words);
template <class E, std::size_t N>
[[nodiscard]] SchemaKey word_key(std::string name, std::string doc, const Word<E> (&table)[N]) {
    std::vector<AllowedWord> words;
    for (const Word<E>& word : table) {
        words.push_back(AllowedWord{std::string(word.name), std::string(word.doc)});
    }
    return word_key(std::move(name), std::move(doc), std::move(words));
}

// Immutable after construction. A mistake in the table (name used twice, default out of range, no doc) is an internal
// error, found when the schema is built.
class Schema {
public:
    Schema(std::string name, std::string doc, std::vector<SchemaKey> keys);

    // Files of this kind are found by name in <config root>/<folder>/<name>.yaml.
    [[nodiscard]] Schema in_folder(std::string folder) &&;
    // In files of this kind every sourced value needs a status and a source, and an assumed number a range.
    [[nodiscard]] Schema require_sources() &&;
    // Its keys are alternatives, of which a map has one: another one that is put over it takes its place.
    [[nodiscard]] Schema alternatives() &&;

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& doc() const { return doc_; }
    [[nodiscard]] const std::vector<SchemaKey>& keys() const { return keys_; }
    [[nodiscard]] const std::string& folder() const { return folder_; }  // empty: not found by name
    [[nodiscard]] bool sources_required() const { return sources_required_; }
    [[nodiscard]] bool has_alternatives() const { return has_alternatives_; }
    [[nodiscard]] const SchemaKey* find(std::string_view key) const;  // null if not documented
    [[nodiscard]] std::vector<std::string> key_names() const;

private:
    std::string name_;
    std::string doc_;
    std::vector<SchemaKey> keys_;
    std::string folder_;
    bool sources_required_ = false;
    bool has_alternatives_ = false;
};

}  // namespace myriad
