// The path is walked by the schema, not by the tree: a key that the document leaves to its default can be set, and a
// wrong word is compared with all keys that could stand there. The value is YAML and is expanded like one of a file, so
// "cluster=ppu-128" and "plan={tp: 8, pp: 2}" work.

#include "sim/config/override.h"

#include "sim/config/validate.h"
#include "sim/config/yaml_parse.h"

#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

namespace myriad {

namespace {

std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> parts;
    while (true) {
        const std::size_t dot = path.find('.');
        parts.emplace_back(path.substr(0, dot));
        if (dot == std::string_view::npos) {
            return parts;
        }
        path.remove_prefix(dot + 1);
    }
}

struct Walk {
    std::vector<std::string> parts;
    std::size_t at = 0;
    SourceMark mark;
    [[nodiscard]] bool at_end() const { return at == parts.size(); }
};

ConfigNode& child(ConfigNode& map, const std::string& key, const SourceMark& mark) {
    if (map.type != ConfigNode::Type::map) {
        map = ConfigNode::map(mark);
    }
    if (map.find(key) == nullptr) {
        map.set(key, mark, ConfigNode{.type = ConfigNode::Type::null, .mark = mark});
    }
    return *map.find(key);
}

ConfigNode& item(ConfigNode& list, const std::string& text, const std::string& key, const SourceMark& mark) {
    std::size_t index = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (problem != std::errc{} || end != text.data() + text.size()) {
        throw UserError(mark, "expected a number as the index into the list '" + key + "', found '" + text + "'");
    }
    if (index >= list.items.size()) {
        throw UserError(
            mark, "no entry " + text + " in the list '" + key + "', which has " + std::to_string(list.items.size()));
    }
    return list.items[index];
}

// Keys with dots ("int8", "qwen2.5") stand only in maps named by the user: the longest name that exists goes first.
std::string named_part(const ConfigNode& map, Walk& walk) {
    std::string name;
    std::string longest = walk.parts[walk.at];
    std::size_t longest_end = walk.at + 1;
    for (std::size_t end = walk.at; end < walk.parts.size(); ++end) {
        name += (end == walk.at ? "" : ".") + walk.parts[end];
        if (map.find(name) != nullptr) {
            longest = name;
            longest_end = end + 1;
        }
    }
    walk.at = longest_end;
    return longest;
}

void set_in(ConfigNode& map, const Schema& schema, Walk& walk, ConfigNode value, Expander& expander);

// `node` is one value of `key`, which the path has just named.
void set_one(ConfigNode& node, const SchemaKey& key, Walk& walk, ConfigNode value, Expander& expander) {
    if (walk.at_end()) {
        SchemaKey one = key;
        one.shape = Shape::one;
        expander.expand_value(value, one);
        node = node.type == ConfigNode::Type::null ? std::move(value)
                                                   : merged_value(std::move(node), std::move(value), one);
        return;
    }
    if (key.nested == nullptr) {
        throw UserError(walk.mark,
                        "'" + key.name + "' is a value; nothing is called '" + walk.parts[walk.at] + "' in it");
    }
    set_in(node, key.nested(), walk, std::move(value), expander);
}

void set_in(ConfigNode& map, const Schema& schema, Walk& walk, ConfigNode value, Expander& expander) {
    const std::string& part = walk.parts[walk.at++];
    const SchemaKey* key = schema.find(part);
    if (key == nullptr) {
        throw UserError(walk.mark, unknown_key(part, schema));
    }
    ConfigNode& node = child(map, part, walk.mark);
    if (key->shape == Shape::one) {
        set_one(node, *key, walk, std::move(value), expander);
    } else if (walk.at_end()) {
        expander.expand_value(value, *key);
        node = node.type == ConfigNode::Type::null ? std::move(value)
                                                   : merged_value(std::move(node), std::move(value), *key);
    } else if (key->shape == Shape::list) {
        ConfigNode& entry = item(node, walk.parts[walk.at++], part, walk.mark);
        set_one(entry, *key, walk, std::move(value), expander);
    } else {
        const std::string name = named_part(node, walk);
        set_one(child(node, name, walk.mark), *key, walk, std::move(value), expander);
    }
}

}  // namespace

void apply_override(ConfigNode& root, const Schema& schema, const std::string& text, Expander& expander,
                    ErrorLog& errors) {
    const SourceMark mark{"--set " + text, 0, 0};
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        errors.add(mark, "expected path=value, like 'plan.tp=8'");
        return;
    }
    try {
        ConfigNode value = parse_yaml_value(text.substr(equals + 1), mark);
        if (value.type == ConfigNode::Type::null) {
            throw UserError(mark, "no value after '='");
        }
        Walk walk{.parts = split(text.substr(0, equals)), .mark = mark};
        set_in(root, schema, walk, std::move(value), expander);
    } catch (const UserError& problem) {
        for (const Diagnostic& diagnostic : problem.diagnostics()) {
            errors.add(diagnostic.mark, diagnostic.message);
        }
    }
}

}  // namespace myriad
