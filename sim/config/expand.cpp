// Depth-first expansion, driven by the schema: only keys that it calls references are looked up as names. Every file is
// expanded by itself (its paths, its inherited sources) before it is merged, so that a value keeps the meaning and the
// mark of the file that it stands in. Bounded: depth of naming, number of loads, total bytes.

#include "sim/config/expand.h"

#include "sim/config/parse_cache.h"
#include "sim/config/seen_schemas.h"
#include "sim/config/text_file.h"
#include "sim/config/value_text.h"
#include "sim/config/yaml_parse.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace myriad {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kVersion = "1";

bool has_sourced_keys_below(const Schema& schema, SeenSchemas& seen) {
    if (!seen.insert(schema)) {
        return false;
    }
    return std::any_of(schema.keys().begin(), schema.keys().end(), [&](const SchemaKey& key) {
        return key.is_sourced || (key.nested != nullptr && has_sourced_keys_below(key.nested(), seen));
    });
}

// One spelling a file, so that a cycle through "../x/y.yaml" is seen.
std::string identity(const std::string& path) {
    std::error_code problem;
    const fs::path canonical = fs::weakly_canonical(path, problem);
    return problem ? path : canonical.string();
}

std::string place_text(const SourceMark& mark) {
    if (mark.line == 0) {
        return mark.file.substr(0, mark.file.find(' '));  // "--set", "default"
    }
    // The name alone: a result must not depend on the folder that the program was started in.
    return fs::path(mark.file).filename().string() + ":" + std::to_string(mark.line);
}

ConfigNode take(ConfigNode& map, std::string_view key) {
    ConfigNode* found = map.find(key);
    if (found == nullptr) {
        return {};
    }
    ConfigNode value = std::move(*found);
    map.erase(key);
    return value;
}

}  // namespace

std::string folder_of(const SourceMark& mark) {
    return mark.line == 0 ? std::string() : fs::path(mark.file).parent_path().string();
}

std::string path_relative_to(const std::string& folder, const std::string& path) {
    return fs::path(path).is_absolute() ? path : (fs::path(folder) / path).lexically_normal().string();
}

bool is_path(const std::string& name_or_path) {
    return name_or_path.find('/') != std::string::npos || name_or_path.ends_with(".yaml") ||
           name_or_path.ends_with(".yml");
}

bool has_sourced_keys(const Schema& schema) {
    SeenSchemas seen;
    return has_sourced_keys_below(schema, seen);
}

ConfigNode Expander::load(const Schema& schema, const std::string& path, const SourceMark& named_at) {
    return load_node(schema, path, named_at);
}

ConfigNode Expander::load_text(const Schema& schema, const std::string& text, const std::string& path) {
    check_text(text, path);
    files_.push_back(path);
    open_.push_back(path);
    ConfigNode node = expand_file(parse_yaml(text, path), schema, path);
    open_.pop_back();
    return node;
}

bool Expander::enter(const std::string& path, const SourceMark& named_at) {
    std::string chain;
    for (const std::string& open : open_) {
        chain += open + " -> ";
    }
    const std::string self = identity(path);
    if (std::any_of(open_.begin(), open_.end(), [&](const std::string& open) { return identity(open) == self; })) {
        errors_.add(named_at, "cyclic include: " + chain + path);
        return false;
    }
    if (open_.size() >= kMostIncludeDepth || ++loads_ > kMostLoads || bytes_ > kMostTotalBytes) {
        errors_.add(named_at, "files name each other too deeply; expected at most " +
                                  std::to_string(kMostIncludeDepth) + " levels, " + std::to_string(kMostLoads) +
                                  " files and " + std::to_string(kMostTotalBytes) + " bytes");
        return false;
    }
    return true;
}

ConfigNode Expander::read(const std::string& path, const SourceMark& named_at) {
    if (const KnownFile* known = known_file(path)) {
        note_file(path, known->bytes);
        return known->root;
    }
    const std::string text = read_text_file(path, named_at);
    note_file(path, text.size());
    ConfigNode root = parse_yaml(text, path);
    keep_file(path, {root, text.size()});
    return root;
}

void Expander::note_file(const std::string& path, std::size_t bytes) {
    bytes_ += bytes;
    if (std::find(files_.begin(), files_.end(), path) == files_.end()) {
        files_.push_back(path);
    }
}

// Errors of a named file are collected like all others; the caller goes on with a broken node.
ConfigNode Expander::load_node(const Schema& schema, const std::string& path, const SourceMark& named_at) {
    ConfigNode node{.type = ConfigNode::Type::broken, .mark = named_at};
    if (!enter(path, named_at)) {
        return node;
    }
    open_.push_back(path);
    try {
        node = expand_file(read(path, named_at), schema, path);
    } catch (const UserError& problem) {
        for (const Diagnostic& diagnostic : problem.diagnostics()) {
            errors_.add(diagnostic.mark, diagnostic.message);
        }
    }
    open_.pop_back();
    return node;
}

ConfigNode Expander::load_fragment(const Schema& schema, const std::string& path, const SourceMark& named_at,
                                   const Scope& scope) {
    ConfigNode node{.type = ConfigNode::Type::broken, .mark = named_at};
    if (!enter(path, named_at)) {
        return node;
    }
    open_.push_back(path);
    try {
        ConfigNode fragment = read(path, named_at);
        check_head(fragment, "fragment");
        expand_map(fragment, schema, Scope{.sources_required = scope.sources_required});
        node = std::move(fragment);
    } catch (const UserError& problem) {
        for (const Diagnostic& diagnostic : problem.diagnostics()) {
            errors_.add(diagnostic.mark, diagnostic.message);
        }
    }
    open_.pop_back();
    return node;
}

void Expander::check_head(ConfigNode& node, const std::string& kind) {
    const std::string start = "every file starts with 'myriad: 1'";
    if (node.type != ConfigNode::Type::map || node.entries.empty()) {
        throw UserError(node.mark, start + ", found " + found_text(node));
    }
    const ConfigEntry& first = node.entries.front();
    if (first.key != "myriad") {
        throw UserError(first.key_mark, start + ", found '" + first.key.substr(0, 60) + "'");
    }
    if (first.value.type != ConfigNode::Type::scalar || first.value.text != kVersion) {
        throw UserError(first.value.mark, "unsupported version " + found_text(first.value) + "; expected 'myriad: 1'");
    }
    const ConfigNode* found = node.find("kind");
    if (found == nullptr) {
        throw UserError(first.key_mark, "missing key 'kind'; expected 'kind: " + kind + "'");
    }
    if (found->type != ConfigNode::Type::scalar || found->text != kind) {
        throw UserError(found->mark, "expected a file of kind '" + kind + "', found " + found_text(*found));
    }
    node.erase("myriad");
    node.erase("kind");
}

ConfigNode Expander::expand_file(ConfigNode node, const Schema& schema, const std::string& path) {
    check_head(node, schema.name());
    for (const SchemaKey& key : schema.keys()) {
        if (key.is_file_name && node.find(key.name) == nullptr) {
            node.set(key.name, node.mark, ConfigNode::scalar(fs::path(path).stem().string(), node.mark, true));
        }
    }
    expand_map(node, schema, Scope{.sources_required = schema.sources_required()});
    node.replaces = true;
    return node;
}

std::vector<std::string> Expander::included_paths(const ConfigNode& node) {
    std::vector<std::string> paths;
    const std::vector<ConfigNode> one = {node};
    for (const ConfigNode& item : node.type == ConfigNode::Type::list ? node.items : one) {
        if (item.type == ConfigNode::Type::scalar) {
            paths.push_back(path_relative_to(folder_of(item.mark), item.text));
        } else {
            errors_.add(item.mark, "expected the path of a file to include, found " + found_text(item));
        }
    }
    return paths;
}

void Expander::expand_map(ConfigNode& node, const Schema& schema, Scope scope) {
    if (node.type != ConfigNode::Type::map) {
        return;  // the wrong type is told by the check of the whole tree
    }
    // A key of the schema itself goes before a word of the file format.
    const auto take_word = [&](std::string_view word) {
        return schema.find(word) == nullptr ? take(node, word) : ConfigNode{};
    };
    const ConfigNode base = take_word("base");
    const ConfigNode include = take_word("include");
    const bool sources = has_sourced_keys(schema);
    const ConfigNode status = sources ? take_word("status") : ConfigNode{};
    const ConfigNode source = sources ? take_word("source") : ConfigNode{};
    if (status.type != ConfigNode::Type::null) {
        scope.inherited.status = &status;
    }
    if (source.type != ConfigNode::Type::null) {
        scope.inherited.source = &source;
    }
    for (ConfigEntry& entry : node.entries) {
        if (const SchemaKey* key = schema.find(entry.key)) {
            expand_key(entry.value, *key, scope);
        }
    }
    ConfigNode below = ConfigNode::map(node.mark);
    if (base.type == ConfigNode::Type::scalar && base.text == "none") {
        node.replaces = true;
    } else if (base.type == ConfigNode::Type::scalar) {
        try {
            const std::string path = is_path(base.text) ? path_relative_to(folder_of(base.mark), base.text)
                                                        : locate_file(schema, base.text, options_);
            below = load_node(schema, path, base.mark);
        } catch (const UserError& problem) {
            errors_.add(base.mark, problem.diagnostics().front().message);
            below.type = ConfigNode::Type::broken;
        }
        node.replaces = true;
    } else if (base.type != ConfigNode::Type::null) {
        errors_.add(base.mark, "expected the name or the path of a file as base, found " + found_text(base));
    }
    if (include.type != ConfigNode::Type::null) {
        for (const std::string& path : included_paths(include)) {
            ConfigNode fragment = load_fragment(schema, path, include.mark, scope);
            below = below.type == ConfigNode::Type::broken ? std::move(below)
                                                           : merged(std::move(below), std::move(fragment), schema);
        }
    }
    const bool replaces = node.replaces;
    node.replaces = false;  // towards its own base it merges
    node =
        below.type == ConfigNode::Type::broken ? std::move(below) : merged(std::move(below), std::move(node), schema);
    node.replaces = replaces;
}

void Expander::expand_key(ConfigNode& node, const SchemaKey& key, const Scope& scope) {
    if (key.shape == Shape::one) {
        expand_one(node, key, scope);
    } else if (key.shape == Shape::list && node.type == ConfigNode::Type::list) {
        for (ConfigNode& item : node.items) {
            expand_one(item, key, scope);
        }
    } else if (key.shape == Shape::named && node.type == ConfigNode::Type::map) {
        Scope inner = scope;
        const ConfigNode status = key.is_sourced ? take(node, "status") : ConfigNode{};
        const ConfigNode source = key.is_sourced ? take(node, "source") : ConfigNode{};
        if (status.type != ConfigNode::Type::null) {
            inner.inherited.status = &status;
        }
        if (source.type != ConfigNode::Type::null) {
            inner.inherited.source = &source;
        }
        for (ConfigEntry& entry : node.entries) {
            expand_one(entry.value, key, inner);
        }
    }
}

void Expander::expand_one(ConfigNode& node, const SchemaKey& key, const Scope& scope) {
    if (key.is_sourced) {
        write_out_source(node, key, scope);
    } else if (key.kind == ValueKind::section) {
        expand_map(node, key.nested(), scope);
    } else if (key.kind == ValueKind::reference) {
        if (node.type != ConfigNode::Type::scalar) {
            expand_map(node, key.nested(), scope);
            return;
        }
        const SourceMark mark = node.mark;
        try {
            const std::string path = is_path(node.text) ? path_relative_to(folder_of(mark), node.text)
                                                        : locate_file(key.nested(), node.text, options_);
            node = load_node(key.nested(), path, mark);
        } catch (const UserError& problem) {
            errors_.add(mark, problem.diagnostics().front().message);
            node = ConfigNode{.type = ConfigNode::Type::broken, .mark = mark};
        }
    }
}

// 1.7 GHz -> {value: 1.7 GHz, status: ..., source: ...}
void Expander::write_out_source(ConfigNode& node, const SchemaKey& key, const Scope& scope) {
    if (node.type == ConfigNode::Type::null || node.type == ConfigNode::Type::broken) {
        return;
    }
    if (node.type != ConfigNode::Type::map) {
        const SourceMark mark = node.mark;  // moved away below
        ConfigNode map = ConfigNode::map(mark);
        map.set("value", mark, std::move(node));
        node = std::move(map);
    }
    const ConfigNode* value = node.find("value");
    if (value == nullptr) {
        return;  // changes only the source or the range of a base
    }
    const bool says_status = node.find("status") != nullptr;
    if (!says_status && scope.inherited.status != nullptr) {
        node.set("status", scope.inherited.status->mark, *scope.inherited.status);
    }
    if (node.find("source") == nullptr && node.find("status") != nullptr && scope.inherited.source != nullptr) {
        node.set("source", scope.inherited.source->mark, *scope.inherited.source);
    }
    if (node.find("status") == nullptr) {
        const ConfigNode chosen = *value;
        node.needs_source = scope.sources_required;
        node.set("status", chosen.mark, ConfigNode::scalar("assumed", chosen.mark));
        if (node.find("source") == nullptr) {
            node.set("source", chosen.mark, ConfigNode::scalar(place_text(chosen.mark), chosen.mark, true));
        }
        if (is_numeric(key.kind) && node.find("range") == nullptr) {
            ConfigNode range{.type = ConfigNode::Type::list, .mark = chosen.mark};
            range.items = {chosen, chosen};
            node.set("range", chosen.mark, std::move(range));
        }
    }
}

void Expander::expand_value(ConfigNode& node, const SchemaKey& key) { expand_key(node, key, Scope{}); }

void Expander::add_default(ConfigNode& map, const SchemaKey& key) {
    if (key.is_file_name) {
        map.set(key.name, map.mark, ConfigNode::scalar("inline", map.mark, true));
    } else if (key.default_text) {
        const bool is_text = key.kind == ValueKind::text && key.shape == Shape::one;
        const SourceMark nowhere{"default", 0, 0};
        ConfigNode value = is_text ? ConfigNode::scalar(*key.default_text, nowhere, true)
                                   : default_value(*key.default_text, nowhere);
        expand_value(value, key);
        value.mark = map.mark;
        value.by_default = true;
        map.set(key.name, map.mark, std::move(value));
    }
}

void Expander::add_defaults(ConfigNode& map, const Schema& schema) {
    if (map.type != ConfigNode::Type::map) {
        return;
    }
    for (const SchemaKey& key : schema.keys()) {
        if (map.find(key.name) == nullptr) {
            add_default(map, key);
        }
        ConfigNode* node = map.find(key.name);
        if (node == nullptr || key.nested == nullptr) {
            continue;
        }
        if (key.shape == Shape::one) {
            add_defaults(*node, key.nested());
        }
        for (ConfigNode& item : node->items) {
            add_defaults(item, key.nested());
        }
        if (key.shape == Shape::named) {
            for (ConfigEntry& entry : node->entries) {
                add_defaults(entry.value, key.nested());
            }
        }
    }
}

}  // namespace myriad
