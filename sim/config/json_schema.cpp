// JSON Schema for editors. It is a little wider than the reader: units and ranges of quantities stay patterns of
// "number unit", and what is required is asked of the file itself alone, unless it has a base or an include.

#include "sim/config/schema_text.h"
#include "sim/config/seen_schemas.h"
#include "sim/config/value_text.h"

#include <nlohmann/json.hpp>

namespace myriad {

namespace {

using Json = nlohmann::ordered_json;

Json ref(const std::string& name) { return Json{{"$ref", "#/$defs/" + name}}; }

Json plain_value(const SchemaKey& key) {
    switch (key.kind) {
        case ValueKind::text:
            return {{"type", {"string", "number", "boolean"}}};
        case ValueKind::boolean:
            return {{"type", "boolean"}};
        case ValueKind::yaml:
            return Json::object();
        case ValueKind::section:
            return ref(key.nested().name());
        case ValueKind::reference:
            return {{"anyOf", {{{"type", "string"}}, ref(key.nested().name())}}};
        case ValueKind::word: {
            Json words = Json::array();
            for (const AllowedWord& word : key.words) {
                words.push_back(word.name);
            }
            return {{"enum", words}};
        }
        case ValueKind::integer:
        case ValueKind::number: {
            Json value = {{"type", key.kind == ValueKind::integer ? "integer" : "number"}};
            const auto bound = [&](const char* name, const std::optional<std::string>& text) {
                if (text) {
                    const ParsedNumber number = parse_value(key.kind, *text).value;
                    value[name] = number.is_integer ? Json(number.integer) : Json(number.number);
                }
            };
            bound("minimum", key.minimum);
            bound("maximum", key.maximum);
            return value;
        }
        default:
            return {{"type", "string"}, {"pattern", "^ *[0-9.]+([eE][+-]?[0-9]+)? *[A-Za-z/]+ *$"}};
    }
}

Json one_value(const SchemaKey& key) {
    Json value = plain_value(key);
    if (!key.is_sourced) {
        return value;
    }
    Json properties = {{"value", value},
                       {"status", {{"enum", {"published", "reported", "derived", "assumed"}}}},
                       {"source", {{"type", "string"}}},
                       {"range", {{"type", "array"}, {"items", value}, {"minItems", 2}, {"maxItems", 2}}}};
    Json map = {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
    return {{"anyOf", {value, map}}};
}

Json described(const SchemaKey& key) {
    Json value = one_value(key);
    if (key.shape == Shape::list) {
        value = {{"type", "array"}, {"items", value}};
    } else if (key.shape == Shape::named) {
        Json map = {{"type", "object"}, {"additionalProperties", value}};
        if (key.is_sourced) {
            map["properties"] = {{"status", {{"type", "string"}}}, {"source", {{"type", "string"}}}};
        }
        value = map;
    }
    value["description"] = key.doc;
    if (key.default_text) {
        value["default"] = *key.default_text;
    }
    return value;
}

Json map_schema(const Schema& schema) {
    Json properties = Json::object();
    // A file may be named where a map may stand, so the head is allowed in every map.
    const Json word = {{"type", "string"}};
    properties["myriad"] = {{"const", 1}, {"description", "version of the file format"}};
    properties["kind"] = {{"const", schema.name()}, {"description", "what the file describes"}};
    properties["base"] = word;
    properties["include"] = {{"anyOf", {word, {{"type", "array"}, {"items", word}}}}};
    properties["status"] = word;
    properties["source"] = word;
    for (const SchemaKey& key : schema.keys()) {
        properties[key.name] = described(key);
    }
    return {
        {"type", "object"}, {"description", schema.doc()}, {"properties", properties}, {"additionalProperties", false}};
}

// Of the file itself only: a map inside may be completed by the base of a map around it.
Json required_keys(const Schema& root) {
    Json required = Json::array();
    for (const SchemaKey& key : root.keys()) {
        if (key.is_required) {
            required.push_back(key.name);
        }
    }
    return {{{"required", required}}, {{"required", {"base"}}}, {{"required", {"include"}}}};
}

void add_definitions(const Schema& schema, SeenSchemas& seen, Json& definitions) {
    if (!seen.insert(schema)) {
        return;
    }
    definitions[schema.name()] = map_schema(schema);
    for (const SchemaKey& key : schema.keys()) {
        if (key.nested != nullptr) {
            add_definitions(key.nested(), seen, definitions);
        }
    }
}

}  // namespace

std::string json_schema(const Schema& root) {
    Json definitions = Json::object();
    SeenSchemas seen;
    add_definitions(root, seen, definitions);
    Json result = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                   {"title", "myriad " + root.name()},
                   {"description", root.doc()},
                   {"$ref", "#/$defs/" + root.name()},
                   {"required", {"myriad", "kind"}},
                   {"anyOf", required_keys(root)},
                   {"$defs", definitions}};
    return result.dump(2) + "\n";
}

}  // namespace myriad
