// A schema checks its own table when it is built, so that a default out of range or a key without a meaning cannot
// reach a user. Nested schemas are functions and are not called here: a schema may contain itself.

#include "sim/config/schema.h"

#include "sim/config/value_text.h"
#include "sim/error/error.h"

#include <algorithm>
#include <set>

namespace myriad {

namespace {

void check_key(const std::string& schema, const SchemaKey& key) {
    const std::string place = "key '" + key.name + "' of schema '" + schema + "'";
    MYRIAD_CHECK(!key.name.empty() && !key.doc.empty(), place);
    MYRIAD_CHECK(!(key.is_required && key.default_text), place + ": required and with a default");
    const bool is_nested = key.kind == ValueKind::section || key.kind == ValueKind::reference;
    MYRIAD_CHECK(is_nested == (key.nested != nullptr), place + ": a section needs a schema");
    MYRIAD_CHECK((key.kind == ValueKind::word) == !key.words.empty(), place + ": an enumeration needs words");
    MYRIAD_CHECK(!key.is_sourced || (!is_nested && key.kind != ValueKind::yaml && key.shape != Shape::list),
                 place + ": only values and maps of values have sources");
    MYRIAD_CHECK(!key.is_file_name || key.kind == ValueKind::text, place + ": a file name is a text");
    for (const std::optional<std::string>& bound : {key.minimum, key.maximum}) {
        MYRIAD_CHECK(!bound || (is_numeric(key.kind) && parse_value(key.kind, *bound)),
                     place + ": no bound: " + *bound);
    }
    if (key.default_text && key.shape == Shape::one && !key.is_sourced && !is_nested) {
        const std::string problem = problem_of_text(key, *key.default_text);
        MYRIAD_CHECK(problem.empty(), place + ": default: " + problem);
    }
}

}  // namespace

SchemaKey yaml_key(std::string name, std::string doc) {
    return SchemaKey{.name = std::move(name), .doc = std::move(doc), .kind = ValueKind::yaml};
}

SchemaKey section_key(std::string name, std::string doc, SchemaFunction schema) {
    return SchemaKey{.name = std::move(name), .doc = std::move(doc), .kind = ValueKind::section, .nested = schema};
}

SchemaKey reference_key(std::string name, std::string doc, SchemaFunction schema) {
    return SchemaKey{.name = std::move(name), .doc = std::move(doc), .kind = ValueKind::reference, .nested = schema};
}

SchemaKey word_key(std::string name, std::string doc, std::vector<AllowedWord> words) {
    return SchemaKey{
        .name = std::move(name), .doc = std::move(doc), .kind = ValueKind::word, .words = std::move(words)};
}

Schema::Schema(std::string name, std::string doc, std::vector<SchemaKey> keys)
    : name_(std::move(name)), doc_(std::move(doc)), keys_(std::move(keys)) {
    std::set<std::string> names;
    for (const SchemaKey& key : keys_) {
        check_key(name_, key);
        MYRIAD_CHECK(names.insert(key.name).second, "key '" + key.name + "' twice in schema '" + name_ + "'");
    }
}

Schema Schema::in_folder(std::string folder) && {
    folder_ = std::move(folder);
    return std::move(*this);
}

Schema Schema::require_sources() && {
    sources_required_ = true;
    return std::move(*this);
}

Schema Schema::alternatives() && {
    has_alternatives_ = true;
    return std::move(*this);
}

const SchemaKey* Schema::find(std::string_view key) const {
    const auto found = std::find_if(keys_.begin(), keys_.end(), [&](const SchemaKey& k) { return k.name == key; });
    return found == keys_.end() ? nullptr : &*found;
}

std::vector<std::string> Schema::key_names() const {
    std::vector<std::string> names;
    for (const SchemaKey& key : keys_) {
        names.push_back(key.name);
    }
    return names;
}

}  // namespace myriad
