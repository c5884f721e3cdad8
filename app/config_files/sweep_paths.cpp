// Paths are walked by the schema of a scenario. Without that a typo would make every point of a sweep fail, one by one.

#include "app/config_files/sweep_paths.h"

#include "app/config_files/schemas.h"
#include "sim/config/node.h"
#include "sim/config/validate.h"
#include "sim/config/yaml_parse.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {
namespace {

// Where a path ends: the key, and whether only the schema's own keys, no index and no name of the user's, are on it.
struct PathEnd {
    const SchemaKey* key = nullptr;
    bool is_plain = false;
    std::string problem;
};

PathEnd end_of(std::string_view path) {
    const Schema* schema = &scenario_schema();
    std::size_t from = 0;
    while (true) {
        const std::size_t dot = std::min(path.find('.', from), path.size());
        const std::string part(path.substr(from, dot - from));
        const SchemaKey* key = schema->find(part);
        if (key == nullptr) {
            return {.problem = unknown_key(part, *schema)};
        }
        from = dot + 1;
        if (from > path.size()) {
            return {.key = key, .is_plain = true, .problem = {}};
        }
        if (key->shape != Shape::one || key->nested == nullptr) {
            return {.key = key, .is_plain = false, .problem = {}};
        }
        schema = &key->nested();
    }
}

bool is_section(const SchemaKey& key) { return key.nested != nullptr && key.shape == Shape::one; }

void check_piece(Section& s, const ConfigNode& piece, const Schema& schema) {
    for (const ConfigEntry& entry : piece.entries) {
        const SchemaKey* key = schema.find(entry.key);
        if (key == nullptr) {
            if (entry.key != "base" && entry.key != "include") {
                s.error_at(entry.key_mark, unknown_key(entry.key, schema));
            }
        } else if (entry.value.type == ConfigNode::Type::null) {
            s.error_at(entry.key_mark, fmt::format("'{}' has no value", entry.key));
        } else if (is_section(*key) && entry.value.type == ConfigNode::Type::map) {
            check_piece(s, entry.value, key->nested());
        }
    }
}

void collect(const ConfigNode& value, const SchemaKey& key, const std::string& path, std::vector<PathSet>& out) {
    const bool is_merged = is_section(key) && value.type == ConfigNode::Type::map && value.find("base") == nullptr;
    if (!is_merged) {
        out.push_back({path, key.nested != nullptr});
        return;
    }
    for (const ConfigEntry& entry : value.entries) {
        if (const SchemaKey* below = key.nested().find(entry.key)) {
            collect(entry.value, *below, path + "." + entry.key, out);
        }
    }
}

}  // namespace

std::string path_problem(std::string_view path) { return end_of(path).problem; }

std::string path_of_override(const std::string& text) { return text.substr(0, text.find('=')); }

std::string override_problem(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
        return fmt::format("expected 'path=value', found '{}'", text);
    }
    return path_problem(text.substr(0, equals));
}

std::vector<std::string> overrides_of_piece(Section& s, const ConfigNode& piece) {
    std::vector<std::string> overrides;
    if (piece.type != ConfigNode::Type::map) {
        s.error_at(piece.mark,
                   fmt::format("expected a piece of a scenario, like {{cluster: {{server: ppu-16}}}}, found {}",
                               found_text(piece)));
        return overrides;
    }
    check_piece(s, piece, scenario_schema());
    for (const ConfigEntry& entry : piece.entries) {
        overrides.push_back(entry.key + "=" + flow_yaml(entry.value));
    }
    return overrides;
}

std::vector<PathSet> paths_set_by(const std::string& override_text) {
    const std::string path = path_of_override(override_text);
    if (path.size() == override_text.size()) {
        return {};  // no '=': told where it is read
    }
    const PathEnd end = end_of(path);
    if (end.key == nullptr || !end.is_plain) {
        return {{path, false}};
    }
    std::vector<PathSet> out;
    try {
        const SourceMark nowhere{"--set " + override_text, 0, 0};
        collect(parse_yaml_value(override_text.substr(path.size() + 1), nowhere), *end.key, path, out);
    } catch (const UserError&) {
        out.push_back({path, false});  // no YAML: told when the point is loaded
    }
    return out;
}

}  // namespace myriad
