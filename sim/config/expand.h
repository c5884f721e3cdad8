#pragma once
// Turns the tree of one file into the tree of everything it names: `base`, `include` and references replaced by the
// contents of their files, sourced values written out in full.

#include "sim/config/document.h"
#include "sim/config/error_log.h"
#include "sim/config/node.h"
#include "sim/config/schema.h"

#include <cstddef>
#include <string>
#include <vector>

namespace myriad {

inline constexpr std::size_t kMostIncludeDepth = 32;
inline constexpr std::size_t kMostLoads = 1'000;           // of files, each time that one is named
inline constexpr std::size_t kMostTotalBytes = 16u << 20;  // of all of them

// status and source that values inherit from the map that they stand in.
struct SourceDefaults {
    const ConfigNode* status = nullptr;
    const ConfigNode* source = nullptr;
};

class Expander {
public:
    Expander(const LoadOptions& options, ErrorLog& errors) : options_(options), errors_(errors) {}

    // The expanded map of a whole file.
    [[nodiscard]] ConfigNode load(const Schema& schema, const std::string& path, const SourceMark& named_at);
    [[nodiscard]] ConfigNode load_text(const Schema& schema, const std::string& text, const std::string& path);
    // A value of a key that stands in no file: of --set, or a default.
    void expand_value(ConfigNode& node, const SchemaKey& key);
    // Fills in what the schema gives by default.
    void add_defaults(ConfigNode& map, const Schema& schema);

    [[nodiscard]] const std::vector<std::string>& files() const { return files_; }

private:
    struct Scope {
        bool sources_required = false;  // by the kind of file
        SourceDefaults inherited = {};
    };

    ConfigNode load_node(const Schema& schema, const std::string& path, const SourceMark& named_at);
    ConfigNode load_fragment(const Schema& schema, const std::string& path, const SourceMark& named_at,
                             const Scope& scope);
    ConfigNode read(const std::string& path, const SourceMark& named_at);
    void note_file(const std::string& path, std::size_t bytes);
    ConfigNode expand_file(ConfigNode node, const Schema& schema, const std::string& path);
    void expand_map(ConfigNode& node, const Schema& schema, Scope scope);
    void expand_key(ConfigNode& node, const SchemaKey& key, const Scope& scope);
    void expand_one(ConfigNode& node, const SchemaKey& key, const Scope& scope);
    void write_out_source(ConfigNode& node, const SchemaKey& key, const Scope& scope);
    void add_default(ConfigNode& map, const SchemaKey& key);
    bool enter(const std::string& path, const SourceMark& named_at);
    void check_head(ConfigNode& node, const std::string& kind);
    std::vector<std::string> included_paths(const ConfigNode& node);

    const LoadOptions& options_;
    ErrorLog& errors_;
    std::vector<std::string> files_;
    std::vector<std::string> open_;  // files being expanded, outermost first, as they were named
    std::size_t loads_ = 0;
    std::size_t bytes_ = 0;
};

// Folder that relative paths in a node's file refer to; "" for --set and for files of the current folder.
[[nodiscard]] std::string folder_of(const SourceMark& mark);
[[nodiscard]] std::string path_relative_to(const std::string& folder, const std::string& path);
[[nodiscard]] bool is_path(const std::string& name_or_path);
// A sourced value somewhere below this schema.
[[nodiscard]] bool has_sourced_keys(const Schema& schema);

// Puts `over` over `base`: maps key by key, everything else replaced.
[[nodiscard]] ConfigNode merged(ConfigNode base, ConfigNode over, const Schema& schema);
// The same for the values of one key.
[[nodiscard]] ConfigNode merged_value(ConfigNode base, ConfigNode over, const SchemaKey& key);

}  // namespace myriad
