// One walk over the tree. Every mistake is reported at its own place and the walk goes on; what is broken already is
// passed over.

#include "sim/config/validate.h"

#include "sim/config/value_text.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace myriad {

namespace {

constexpr std::array kStatuses = {Status::published, Status::reported, Status::derived, Status::assumed};

void check_scalar(const ConfigNode& node, const SchemaKey& key, const std::string& name, ErrorLog& errors) {
    if (node.type != ConfigNode::Type::scalar) {
        errors.add(node.mark, "'" + name + "': expected " + expected_text(key) + ", found " + found_text(node));
        return;
    }
    const std::string problem = problem_of_text(key, node.text);
    if (!problem.empty()) {
        errors.add(node.mark, "'" + name + "': " + problem);
    }
}

void check_status(const ConfigNode& map, const ConfigNode& status, const SchemaKey& key, const std::string& name,
                  ErrorLog& errors) {
    const std::optional<Status> known = status.type == ConfigNode::Type::scalar ? status_of(status.text) : std::nullopt;
    if (!known) {
        std::vector<std::string> names;
        for (const Status s : kStatuses) {
            names.emplace_back(name_of(s));
        }
        errors.add(status.mark, "'" + name +
                                    "': expected a status, one of published, reported, derived, assumed; found " +
                                    found_text(status) + did_you_mean(status.text, names));
        return;
    }
    if (map.find("source") == nullptr) {
        errors.add(map.mark, "'" + name + "' is " + status.text + " but has no source");
    }
    if (known == Status::assumed && is_numeric(key.kind) && map.find("range") == nullptr) {
        errors.add(map.mark, "'" + name + "' is assumed but has no range, like 'range: [low, high]'");
    }
}

void check_range(const ConfigNode& range, const ConfigNode& value, const SchemaKey& key, const std::string& name,
                 ErrorLog& errors) {
    if (range.type != ConfigNode::Type::list || range.items.size() != 2 || !is_numeric(key.kind)) {
        errors.add(range.mark,
                   "'" + name + "': expected a range of two numbers, like '[low, high]', found " +
                       (range.type == ConfigNode::Type::list ? flow_yaml(range).substr(0, 60) : found_text(range)));
        return;
    }
    for (const ConfigNode& bound : range.items) {
        check_scalar(bound, key, name, errors);
        if (bound.type != ConfigNode::Type::scalar || !parse_value(key.kind, bound.text)) {
            return;
        }
    }
    const Parsed<ParsedNumber> middle = parse_value(key.kind, value.text);
    const ParsedNumber low = parse_value(key.kind, range.items[0].text).value;
    const ParsedNumber high = parse_value(key.kind, range.items[1].text).value;
    if (value.type == ConfigNode::Type::scalar && middle && (middle.value.below(low) || high.below(middle.value))) {
        errors.add(range.mark, "'" + name + "': the value '" + value.text + "' is outside its range " +
                                   range.items[0].text + " to " + range.items[1].text);
    }
}

void check_sourced(const ConfigNode& map, const SchemaKey& key, const std::string& name, ErrorLog& errors) {
    if (map.type != ConfigNode::Type::map) {
        check_scalar(map, key, name, errors);  // nothing at all: "expected a frequency ..., found nothing"
        return;
    }
    const ConfigNode* value = map.find("value");
    if (value == nullptr) {
        errors.add(map.mark, "'" + name + "': missing key 'value'");
        return;
    }
    const std::vector<std::string> parts = {"value", "status", "source", "range"};
    for (const ConfigEntry& entry : map.entries) {
        if (std::find(parts.begin(), parts.end(), entry.key) == parts.end()) {
            errors.add(entry.key_mark, "unknown key '" + entry.key.substr(0, 60) + "' in the value '" + name + "'" +
                                           did_you_mean(entry.key, parts));
        }
    }
    check_scalar(*value, key, name, errors);
    if (map.needs_source) {
        errors.add(map.mark, "'" + name + "' needs a status and a source, like '{value: " + value->text.substr(0, 60) +
                                 ", status: published, source: \"...\"}'");
        return;
    }
    if (const ConfigNode* status = map.find("status")) {
        check_status(map, *status, key, name, errors);
    } else {
        errors.add(map.mark, "'" + name + "' needs a status: published, reported, derived or assumed");
    }
    const ConfigNode* source = map.find("source");
    if (source != nullptr && (source->type != ConfigNode::Type::scalar || source->text.empty())) {
        errors.add(source->mark, "'" + name + "': expected the source as a text, found " + found_text(*source));
    }
    if (const ConfigNode* range = map.find("range")) {
        check_range(*range, *value, key, name, errors);
    }
}

void check_one(const ConfigNode& node, const SchemaKey& key, const std::string& name, ErrorLog& errors) {
    if (node.type == ConfigNode::Type::broken || key.kind == ValueKind::yaml) {
        return;
    }
    if (key.is_sourced) {
        check_sourced(node, key, name, errors);
    } else if (key.nested == nullptr) {
        check_scalar(node, key, name, errors);
    } else if (node.type != ConfigNode::Type::map) {
        errors.add(node.mark, "'" + name + "': expected " + expected_text(key) + ", found " + found_text(node));
    } else {
        validate(node, key.nested(), errors);
    }
}

void check_key(const ConfigNode& node, const SchemaKey& key, ErrorLog& errors) {
    if (node.type == ConfigNode::Type::broken) {
        return;
    }
    if (key.shape == Shape::one) {
        check_one(node, key, key.name, errors);
    } else if (key.shape == Shape::list) {
        if (node.type != ConfigNode::Type::list) {
            errors.add(node.mark, "'" + key.name + "': expected a list, found " + found_text(node));
        }
        for (const ConfigNode& item : node.items) {
            check_one(item, key, key.name, errors);
        }
    } else {
        if (node.type != ConfigNode::Type::map) {
            errors.add(node.mark, "'" + key.name + "': expected a map, found " + found_text(node));
        }
        for (const ConfigEntry& entry : node.entries) {
            check_one(entry.value, key, key.name + "." + entry.key.substr(0, 60), errors);
        }
    }
}

}  // namespace

std::optional<Status> status_of(std::string_view name) {
    for (const Status status : kStatuses) {
        if (name_of(status) == name) {
            return status;
        }
    }
    return std::nullopt;
}

std::string_view name_of(Status status) {
    switch (status) {
        case Status::published:
            return "published";
        case Status::reported:
            return "reported";
        case Status::derived:
            return "derived";
        case Status::assumed:
            break;
    }
    return "assumed";
}

std::string unknown_key(const std::string& key, const Schema& schema) {
    return "unknown key '" + key.substr(0, 60) + "' in " + schema.name() + did_you_mean(key, schema.key_names());
}

void validate(const ConfigNode& map, const Schema& schema, ErrorLog& errors) {
    if (map.type != ConfigNode::Type::map) {
        return;
    }
    for (const ConfigEntry& entry : map.entries) {
        const SchemaKey* key = schema.find(entry.key);
        if (key == nullptr) {
            errors.add(entry.key_mark, unknown_key(entry.key, schema));
        } else if (entry.value.type == ConfigNode::Type::null && key->kind != ValueKind::yaml) {
            const bool is_list = key->shape == Shape::list;
            const bool is_map = key->shape == Shape::named;
            errors.add(entry.value.mark, "'" + key->name + "': expected " +
                                             (is_list  ? "a list"
                                              : is_map ? "a map"
                                                       : expected_text(*key)) +
                                             ", found nothing");
        } else {
            check_key(entry.value, *key, errors);
        }
    }
    for (const SchemaKey& key : schema.keys()) {
        if (key.is_required && map.find(key.name) == nullptr) {
            const bool is_plain = key.shape == Shape::one;
            errors.add(map.mark, "missing key '" + key.name + "' in " + schema.name() +
                                     (is_plain ? "; expected " + expected_text(key) : ""));
        }
    }
}

}  // namespace myriad
