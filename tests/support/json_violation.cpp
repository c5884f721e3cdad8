// A key that the schema does not list is a violation, because our schemas allow none; a reference leads to $defs.

#include "tests/support/json_violation.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace myriad {
namespace {

using Json = nlohmann::json;

// `type` is a word, a list of words, or nothing: any.
bool has_type(const Json& type, const Json& value) {
    if (type.is_array()) {
        return std::any_of(type.begin(), type.end(), [&](const Json& one) { return has_type(one, value); });
    }
    return type.is_null() || (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
           (type == "string" && value.is_string()) || (type == "integer" && value.is_number_integer()) ||
           (type == "number" && value.is_number()) || (type == "boolean" && value.is_boolean()) ||
           (type == "null" && value.is_null());
}

// What JSON Schema asks of `value`, for the words that our schema uses; "" if all is well.
std::string violation(const Json& schema, const Json& value, const Json& root, const std::string& path) {
    if (schema.contains("$ref")) {
        const std::string name = schema.at("$ref").get<std::string>().substr(std::string("#/$defs/").size());
        return violation(root.at("$defs").at(name), value, root, path);
    }
    if (schema.contains("const") && schema.at("const") != value) {
        return path + ": const";
    }
    if (schema.contains("enum")) {
        const Json& words = schema.at("enum");
        return std::find(words.begin(), words.end(), value) == words.end() ? path + ": enum" : "";
    }
    if (schema.contains("oneOf")) {
        const Json& choices = schema.at("oneOf");
        const auto fitting = std::count_if(choices.begin(), choices.end(), [&](const Json& choice) {
            return violation(choice, value, root, path).empty();
        });
        return fitting == 1 ? "" : path + ": oneOf";
    }
    if (!has_type(schema.value("type", Json()), value)) {
        return path + ": type";
    }
    if (schema.contains("minimum") && value < schema.at("minimum")) {
        return path + ": minimum";
    }
    if (schema.contains("maximum") && value > schema.at("maximum")) {
        return path + ": maximum";
    }
    if (value.is_array()) {
        if (value.size() > schema.value("maxItems", value.size())) {
            return path + ": maxItems";
        }
        for (const Json& item : value) {
            if (std::string wrong = violation(schema.at("items"), item, root, path + "[]"); !wrong.empty()) {
                return wrong;
            }
        }
    }
    if (value.is_object()) {
        const Json none = Json::object();
        const Json& known = schema.contains("properties") ? schema.at("properties") : none;
        const Json& others = schema.at("additionalProperties");
        for (const Json& key : schema.value("required", Json::array())) {
            if (!value.contains(key.get<std::string>())) {
                return path + ": required " + key.get<std::string>();
            }
        }
        for (const auto& [key, item] : value.items()) {
            if (!known.contains(key) && !others.is_object()) {
                return path + ": unknown " + key;
            }
            const std::string inner = path + "." + key;
            const Json& its_schema = known.contains(key) ? known.at(key) : others;
            if (std::string wrong = violation(its_schema, item, root, inner); !wrong.empty()) {
                return wrong;
            }
        }
    }
    return "";
}

}  // namespace

std::string violation(const std::string& schema, const std::string& value) {
    const Json parsed = Json::parse(schema);
    return violation(parsed, Json::parse(value), parsed, "result");
}

}  // namespace myriad
