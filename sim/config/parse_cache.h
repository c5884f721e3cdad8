#pragma once
// While a ParseCache lives, each YAML file is read and parsed once, and so is each default: for programs that read
// hundreds of scenarios over the same files, and for the children that they fork. Files are taken not to change meanwhile.

#include "sim/config/node.h"

#include <cstddef>
#include <string>

namespace myriad {

class ParseCache {
public:
    ParseCache();
    ~ParseCache();
    ParseCache(const ParseCache&) = delete;
    ParseCache& operator=(const ParseCache&) = delete;
};

// For the expander. Null: not known, or no cache lives.
struct KnownFile {
    ConfigNode root;
    std::size_t bytes = 0;
};
[[nodiscard]] const KnownFile* known_file(const std::string& path);
void keep_file(const std::string& path, KnownFile file);
// parse_yaml_value of a schema's default, from the cache where one lives.
[[nodiscard]] ConfigNode default_value(const std::string& text, const SourceMark& nowhere);

}  // namespace myriad
