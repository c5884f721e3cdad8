// The reference page: one section a schema, in the order in which the schemas are reached, one row a key.

#include "sim/config/schema_text.h"
#include "sim/config/seen_schemas.h"
#include "sim/config/value_text.h"

#include <filesystem>

namespace myriad {

namespace {

// A bar would end the cell of a Markdown table.
std::string cell(const std::string& text) {
    std::string result;
    for (const char c : text) {
        result += c == '|' ? "\\|" : c == '\n' ? " " : std::string(1, c);
    }
    return result;
}

std::string link(const SchemaKey& key) {
    const std::string& name = key.nested().name();
    return "[" + name + "](#" + name + ")";
}

std::string type_cell(const SchemaKey& key) {
    std::string one = key.kind == ValueKind::section     ? link(key)
                      : key.kind == ValueKind::reference ? link(key) + ": name, path or map"
                                                         : kind_text(key);
    if (key.shape == Shape::list) {
        one = "list of: " + one;
    } else if (key.shape == Shape::named) {
        one = "map from names to: " + one;
    }
    return key.is_sourced ? one + "; sourced" : one;
}

std::string default_cell(const SchemaKey& key) {
    if (key.is_required) {
        return "required";
    }
    if (key.is_file_name) {
        return "name of the file";
    }
    return key.default_text ? "`" + *key.default_text + "`" : "none";
}

std::string range_cell(const SchemaKey& key) {
    if (key.minimum && key.maximum) {
        return *key.minimum + " to " + *key.maximum;
    }
    if (key.minimum) {
        return "at least " + *key.minimum;
    }
    std::string words;
    for (const AllowedWord& word : key.words) {
        words += (words.empty() ? "" : ", ") + ("`" + word.name + "`");
    }
    return words;
}

void add_schema(const Schema& schema, SeenSchemas& seen, std::string& page) {
    if (!seen.insert(schema)) {
        return;
    }
    page += "\n## " + schema.name() + "\n\n" + schema.doc() + "\n\n";
    if (!schema.folder().empty()) {
        const std::filesystem::path files = std::filesystem::path("configs") / schema.folder() / "NAME.yaml";
        page += "Files: `" + files.lexically_normal().string() + "`.";
        page += schema.sources_required() ? " Every sourced value needs a status and a source.\n\n" : "\n\n";
    }
    page += "| key | value | default | allowed | meaning |\n|---|---|---|---|---|\n";
    for (const SchemaKey& key : schema.keys()) {
        page += "| `" + key.name + "` | " + cell(type_cell(key)) + " | " + cell(default_cell(key)) + " | " +
                cell(range_cell(key)) + " | " + cell(key.doc) + " |\n";
    }
    for (const SchemaKey& key : schema.keys()) {
        if (!key.words.empty()) {
            page += "\nWords of `" + key.name + "`:\n\n";
            for (const AllowedWord& word : key.words) {
                page += "- `" + word.name + "`" + (word.doc.empty() ? "" : ": " + word.doc) + "\n";
            }
        }
    }
    for (const SchemaKey& key : schema.keys()) {
        if (key.nested != nullptr) {
            add_schema(key.nested(), seen, page);
        }
    }
}

}  // namespace

std::string reference_page(const std::vector<SchemaFunction>& roots) {
    std::string page =
        "# Configuration reference\n\n"
        "Generated from the schemas of the program. Every file starts with `myriad: 1` and its `kind`. In any map "
        "`base` "
        "(a name or path of the same kind) and `include` (paths of files of `kind: fragment`) bring keys that the map "
        "overrides. A sourced value is written `{value: ..., status: published|reported|derived|assumed, source: "
        "\"...\", range: [low, high]}`, or plainly where `status` and `source` of the map that it stands in apply.\n";
    SeenSchemas seen;
    for (const SchemaFunction root : roots) {
        add_schema(root(), seen, page);
    }
    return page;
}

}  // namespace myriad
