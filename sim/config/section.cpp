// Reads from a tree that validate() has passed, so a value that does not parse here is an internal error.

#include "sim/config/section.h"

#include "sim/config/error_log.h"
#include "sim/config/node.h"
#include "sim/config/validate.h"
#include "sim/config/value_text.h"
#include "sim/error/error.h"

#include <cstdint>
#include <type_traits>
#include <utility>

namespace myriad {

namespace {

// `node` is a scalar of the right kind.
template <class T>
T value_from(const ConfigNode& node) {
    const std::string& text = node.text;
    if constexpr (std::is_same_v<T, std::string>) {
        return text;
    } else if constexpr (std::is_same_v<T, bool>) {
        return text == "true";
    } else if constexpr (std::is_integral_v<T>) {
        const Parsed<std::int64_t> parsed = parse_integer(text);
        MYRIAD_CHECK(parsed, parsed.problem);
        if (!std::in_range<T>(parsed.value)) {  // a schema without a range leaves this to the type
            throw UserError(node.mark, "'" + text + "' is too " + (parsed.value < 0 ? "small" : "large"));
        }
        return static_cast<T>(parsed.value);
    } else if constexpr (std::is_same_v<T, double>) {
        return parse_number(text).value;
    } else {
        const Parsed<T> parsed = parse_quantity<T>(text);
        MYRIAD_CHECK(parsed, parsed.problem);
        return parsed.value;
    }
}

// Of a plain value or of {value: ...}.
const ConfigNode& scalar_of(const ConfigNode& node) {
    const ConfigNode* value = node.type == ConfigNode::Type::map ? node.find("value") : &node;
    MYRIAD_CHECK(value != nullptr && value->type == ConfigNode::Type::scalar, "not a checked value");
    return *value;
}

template <class T>
Sourced<T> sourced_from(const ConfigNode& node) {
    Sourced<T> result{.value = value_from<T>(scalar_of(node)), .mark = node.find("value")->mark};
    result.status = status_of(node.find("status")->text).value();
    result.source = node.find("source")->text;
    if (const ConfigNode* range = node.find("range")) {
        result.range = {value_from<T>(range->items[0]), value_from<T>(range->items[1])};
    }
    return result;
}

}  // namespace

Section::Section(const ConfigNode& node, const Schema& schema, std::string path, ErrorLog& errors)
    : node_(&node), schema_(&schema), path_(std::move(path)), errors_(&errors) {}

const SchemaKey& Section::documented(std::string_view key) const {
    const SchemaKey* found = schema_->find(key);
    MYRIAD_CHECK(found != nullptr, "schema '" + schema_->name() + "' does not document '" + std::string(key) + "'");
    return *found;
}

const SchemaKey& Section::expect(std::string_view key, ValueKind kind, Shape shape) {
    const SchemaKey& found = documented(key);
    MYRIAD_CHECK(found.kind == kind && found.shape == shape,
                 "'" + std::string(key) + "' of schema '" + schema_->name() + "' is of another type");
    read_.insert(std::string(key));
    return found;
}

const ConfigNode* Section::value_of(std::string_view key) const {
    const ConfigNode* node = node_->find(key);
    return node == nullptr || node->type == ConfigNode::Type::null ? nullptr : node;
}

std::string Section::path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

template <class T>
std::optional<T> Section::find(std::string_view key) {
    const SchemaKey& documented_key = documented(key);
    // Words are texts to a reader that only passes them on.
    const bool as_word = documented_key.kind == ValueKind::word && std::is_same_v<T, std::string>;
    (void)expect(key, as_word ? ValueKind::word : kind_of<T>(), Shape::one);
    const ConfigNode* node = value_of(key);
    return node == nullptr ? std::nullopt : std::optional<T>{value_from<T>(scalar_of(*node))};
}

template <class T>
T Section::get(std::string_view key) {
    std::optional<T> value = find<T>(key);
    MYRIAD_CHECK(value.has_value(), "'" + path_of(key) + "' may be absent; read it by find()");
    return std::move(*value);
}

template <class T>
std::vector<T> Section::list(std::string_view key) {
    (void)expect(key, kind_of<T>(), Shape::list);
    std::vector<T> result;
    if (const ConfigNode* node = value_of(key)) {
        for (const ConfigNode& item : node->items) {
            result.push_back(value_from<T>(item));
        }
    }
    return result;
}

template <class T>
std::vector<std::pair<std::string, T>> Section::named(std::string_view key) {
    (void)expect(key, kind_of<T>(), Shape::named);
    std::vector<std::pair<std::string, T>> result;
    if (const ConfigNode* node = value_of(key)) {
        for (const ConfigEntry& entry : node->entries) {
            result.emplace_back(entry.key, value_from<T>(scalar_of(entry.value)));
        }
    }
    return result;
}

template <class T>
std::optional<Sourced<T>> Section::find_sourced(std::string_view key) {
    const bool as_word = documented(key).kind == ValueKind::word && std::is_same_v<T, std::string>;
    const SchemaKey& found = expect(key, as_word ? ValueKind::word : kind_of<T>(), Shape::one);
    MYRIAD_CHECK(found.is_sourced, "'" + path_of(key) + "' has no source");
    const ConfigNode* node = value_of(key);
    return node == nullptr ? std::nullopt : std::optional<Sourced<T>>{sourced_from<T>(*node)};
}

template <class T>
Sourced<T> Section::sourced(std::string_view key) {
    std::optional<Sourced<T>> value = find_sourced<T>(key);
    MYRIAD_CHECK(value.has_value(), "'" + path_of(key) + "' may be absent; read it by find_sourced()");
    return std::move(*value);
}

template <class T>
std::vector<std::pair<std::string, Sourced<T>>> Section::named_sourced(std::string_view key) {
    const SchemaKey& found = expect(key, kind_of<T>(), Shape::named);
    MYRIAD_CHECK(found.is_sourced, "'" + path_of(key) + "' has no source");
    std::vector<std::pair<std::string, Sourced<T>>> result;
    if (const ConfigNode* node = value_of(key)) {
        for (const ConfigEntry& entry : node->entries) {
            result.emplace_back(entry.key, sourced_from<T>(entry.value));
        }
    }
    return result;
}

std::string Section::word(std::string_view key) {
    (void)expect(key, ValueKind::word, Shape::one);
    const ConfigNode* node = value_of(key);
    MYRIAD_CHECK(node != nullptr, "'" + path_of(key) + "' may be absent; ask has() first");
    return scalar_of(*node).text;
}

std::vector<std::string> Section::words(std::string_view key) {
    (void)expect(key, ValueKind::word, Shape::list);
    std::vector<std::string> result;
    if (const ConfigNode* node = value_of(key)) {
        for (const ConfigNode& item : node->items) {
            result.push_back(item.text);
        }
    }
    return result;
}

std::string Section::yaml(std::string_view key) {
    (void)expect(key, ValueKind::yaml, Shape::one);
    const ConfigNode* node = value_of(key);
    return node == nullptr ? "null" : flow_yaml(*node);
}

const ConfigNode* Section::yaml_node(std::string_view key) {
    (void)expect(key, ValueKind::yaml, Shape::one);
    return value_of(key);
}

std::vector<std::string> Section::yaml_list(std::string_view key) {
    (void)expect(key, ValueKind::yaml, Shape::list);
    std::vector<std::string> result;
    if (const ConfigNode* node = value_of(key)) {
        for (const ConfigNode& item : node->items) {
            result.push_back(flow_yaml(item));
        }
    }
    return result;
}

std::span<const ConfigNode> Section::yaml_items(std::string_view key) {
    (void)expect(key, ValueKind::yaml, Shape::list);
    const ConfigNode* node = value_of(key);
    return node == nullptr ? std::span<const ConfigNode>{} : std::span<const ConfigNode>{node->items};
}

std::vector<std::pair<std::string, std::vector<std::string>>> Section::named_yaml_lists(std::string_view key) {
    (void)expect(key, ValueKind::yaml, Shape::named);
    std::vector<std::pair<std::string, std::vector<std::string>>> result;
    if (const ConfigNode* node = value_of(key)) {
        for (const ConfigEntry& entry : node->entries) {
            result.emplace_back(entry.key, std::vector<std::string>{});
            if (entry.value.type != ConfigNode::Type::list) {
                result.back().second.push_back(flow_yaml(entry.value));
            }
            for (const ConfigNode& item : entry.value.items) {
                result.back().second.push_back(flow_yaml(item));
            }
        }
    }
    return result;
}

Section Section::section(std::string_view key) {
    const SchemaKey& found = expect(key, documented(key).kind, Shape::one);
    MYRIAD_CHECK(found.nested != nullptr, "'" + path_of(key) + "' is no section");
    const ConfigNode* node = value_of(key);
    MYRIAD_CHECK(node != nullptr, "'" + path_of(key) + "' may be absent; ask has() first");
    return Section(*node, found.nested(), path_of(key), *errors_);
}

std::vector<Section> Section::sections(std::string_view key) {
    const SchemaKey& found = expect(key, documented(key).kind, Shape::list);
    MYRIAD_CHECK(found.nested != nullptr, "'" + path_of(key) + "' is no list of sections");
    std::vector<Section> result;
    if (const ConfigNode* node = value_of(key)) {
        for (std::size_t i = 0; i < node->items.size(); ++i) {
            result.emplace_back(node->items[i], found.nested(), path_of(key) + "." + std::to_string(i), *errors_);
        }
    }
    return result;
}

std::vector<std::pair<std::string, Section>> Section::named_sections(std::string_view key) {
    const SchemaKey& found = expect(key, documented(key).kind, Shape::named);
    MYRIAD_CHECK(found.nested != nullptr, "'" + path_of(key) + "' is no map of sections");
    std::vector<std::pair<std::string, Section>> result;
    if (const ConfigNode* node = value_of(key)) {
        for (const ConfigEntry& entry : node->entries) {
            result.emplace_back(entry.key,
                                Section(entry.value, found.nested(), path_of(key) + "." + entry.key, *errors_));
        }
    }
    return result;
}

bool Section::has(std::string_view key) const {
    (void)documented(key);
    return value_of(key) != nullptr;
}

SourceMark Section::mark(std::string_view key) const {
    if (key.empty()) {
        return node_->mark;
    }
    const SchemaKey& found = documented(key);
    const ConfigNode* node = value_of(key);
    if (node == nullptr) {
        return node_->mark;
    }
    // A referenced map begins at the top of its own file; what is wrong is that it was named here.
    const ConfigEntry& entry = *node_->entry(key);
    const bool is_named = found.kind == ValueKind::reference && node->mark.file != entry.key_mark.file;
    return is_named ? entry.key_mark : node->mark;
}

std::size_t Section::errors() const { return errors_->size(); }

void Section::error_at(const SourceMark& mark, std::string message) { errors_->add(mark, std::move(message)); }

void Section::error(std::string_view key, std::string message) { errors_->add(mark(key), std::move(message)); }

void Section::finish() {
    for (const ConfigEntry& entry : node_->entries) {
        if (!entry.value.by_default && !read_.contains(entry.key)) {
            errors_->add(entry.key_mark, "'" + entry.key + "' has no effect here; remove it");
        }
    }
}

void Section::word_not_in_table(std::string_view key, const std::string& name) const {
    check_failed("word in table", __FILE__, __LINE__, "'" + name + "' of '" + path_of(key) + "'");
}

#define MYRIAD_SECTION_VALUE(T)                                                          \
    template T Section::get<T>(std::string_view);                                        \
    template std::optional<T> Section::find<T>(std::string_view);                        \
    template std::vector<T> Section::list<T>(std::string_view);                          \
    template std::vector<std::pair<std::string, T>> Section::named<T>(std::string_view); \
    template Sourced<T> Section::sourced<T>(std::string_view);                           \
    template std::optional<Sourced<T>> Section::find_sourced<T>(std::string_view);       \
    template std::vector<std::pair<std::string, Sourced<T>>> Section::named_sourced<T>(std::string_view)
MYRIAD_SECTION_VALUE(std::string);
MYRIAD_SECTION_VALUE(bool);
MYRIAD_SECTION_VALUE(std::int32_t);
MYRIAD_SECTION_VALUE(std::int64_t);
MYRIAD_SECTION_VALUE(std::uint64_t);
MYRIAD_SECTION_VALUE(double);
MYRIAD_SECTION_VALUE(Picoseconds);
MYRIAD_SECTION_VALUE(Bytes);
MYRIAD_SECTION_VALUE(BytesPerSecond);
MYRIAD_SECTION_VALUE(Hertz);
MYRIAD_SECTION_VALUE(Flop);
MYRIAD_SECTION_VALUE(FlopPerSecond);
MYRIAD_SECTION_VALUE(Watts);
MYRIAD_SECTION_VALUE(UsDollarsPerHour);
#undef MYRIAD_SECTION_VALUE

}  // namespace myriad
