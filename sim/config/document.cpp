// Load = read and expand the files, apply the overrides, fill in the defaults, check everything against the schema.
// Errors of one step are thrown together before the next step would stumble over them.

#include "sim/config/document.h"

#include "sim/config/effective.h"
#include "sim/config/error_log.h"
#include "sim/config/expand.h"
#include "sim/config/override.h"
#include "sim/config/text_file.h"
#include "sim/config/validate.h"
#include "sim/config/yaml_parse.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

namespace myriad {

namespace {

namespace fs = std::filesystem;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text;
}

}  // namespace

struct Document::State {
    const Schema* schema = nullptr;
    ConfigNode root;
    ErrorLog errors;
    std::vector<std::string> files;

    State(const Schema& of, ConfigNode tree, Expander& expander, ErrorLog& loading, const LoadOptions& options)
        : schema(&of), root(std::move(tree)) {
        for (const std::string& text : options.overrides) {
            apply_override(root, of, text, expander, loading);
        }
        loading.throw_if_any();
        expander.add_defaults(root, of);
        validate(root, of, loading);
        loading.throw_if_any();
        files = expander.files();
    }
};

Document::Document(std::unique_ptr<State> state) : state_(std::move(state)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Document Document::load(const Schema& schema, const std::string& name_or_path, const LoadOptions& options) {
    const std::string path = is_path(name_or_path) ? name_or_path : locate_file(schema, name_or_path, options);
    ErrorLog errors;
    Expander expander(options, errors);
    ConfigNode root = expander.load(schema, path, SourceMark{});
    errors.throw_if_any();
    return Document(std::make_unique<State>(schema, std::move(root), expander, errors, options));
}

Document Document::parse(const Schema& schema, const std::string& text, const std::string& path,
                         const LoadOptions& options) {
    ErrorLog errors;
    Expander expander(options, errors);
    ConfigNode root = expander.load_text(schema, text, path);
    errors.throw_if_any();
    return Document(std::make_unique<State>(schema, std::move(root), expander, errors, options));
}

Section Document::root() const { return Section(state_->root, *state_->schema, "", state_->errors); }

void Document::finish() const { state_->errors.throw_if_any(); }

std::string Document::effective_yaml() const { return effective_text(state_->root, *state_->schema); }

std::string Document::effective_yaml(std::string_view key) const {
    const ConfigNode* node = state_->root.find(key);
    const SchemaKey* described = state_->schema->find(key);
    MYRIAD_CHECK(node != nullptr && described != nullptr && described->nested != nullptr,
                 "no map '" + std::string(key) + "' in a " + state_->schema->name());
    return effective_text(*node, described->nested());
}

std::vector<SourcedText> Document::sourced() const { return sourced_values(state_->root, *state_->schema); }

std::vector<SourcedText> Document::assumed() const {
    std::vector<SourcedText> values = sourced();
    values.erase(std::remove_if(values.begin(), values.end(),
                                [](const SourcedText& value) { return value.status != Status::assumed; }),
                 values.end());
    return values;
}

const std::vector<std::string>& Document::files() const { return state_->files; }

NamedKind kind_of_file(const std::string& path) {
    const ConfigNode root = parse_yaml(read_text_file(path, SourceMark{}), path);
    if (root.type != ConfigNode::Type::map || root.entries.empty() || root.entries.front().key != "myriad") {
        throw UserError(root.mark, "every file starts with 'myriad: 1'");
    }
    const ConfigNode* kind = root.find("kind");
    if (kind == nullptr || kind->type != ConfigNode::Type::scalar) {
        throw UserError(root.mark, "missing key 'kind'");
    }
    return {kind->text, kind->mark};
}

std::vector<std::string> names_in_folder(const Schema& schema, const LoadOptions& options) {
    std::set<std::string> names;
    for (const std::string& root : options.config_roots) {
        std::error_code problem;
        for (fs::directory_iterator it(fs::path(root) / schema.folder(), problem), end; !problem && it != end;
             it.increment(problem)) {
            if (it->path().extension() == ".yaml") {
                names.insert(it->path().stem().string());
            }
        }
    }
    return {names.begin(), names.end()};
}

std::string locate_file(const Schema& schema, const std::string& name_or_path, const LoadOptions& options) {
    if (is_path(name_or_path)) {
        return name_or_path;
    }
    if (schema.folder().empty()) {
        throw UserError("a " + schema.name() + " has no names; expected a path ending in .yaml, found '" +
                        name_or_path.substr(0, 60) + "'");
    }
    const std::vector<std::string> names = names_in_folder(schema, options);
    if (std::find(names.begin(), names.end(), name_or_path) != names.end()) {
        for (const std::string& root : options.config_roots) {
            const fs::path path = fs::path(root) / schema.folder() / (name_or_path + ".yaml");
            std::error_code problem;
            if (fs::exists(path, problem)) {
                return path.lexically_normal().string();
            }
        }
    }
    const std::string nearest = did_you_mean(name_or_path, names);
    throw UserError("unknown " + schema.name() + " '" + name_or_path.substr(0, 60) + "'" +
                    (!nearest.empty() ? nearest
                     : names.empty()  ? ""
                                      : "; expected one of " + joined(names)));
}

}  // namespace myriad
