#pragma once
// One value of a YAML file with its place. Keys keep the order of the file, so that nothing depends on hashing.

#include "sim/error/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

struct ConfigEntry;

struct ConfigNode {
    enum class Type : std::uint8_t {
        null,
        scalar,
        list,
        map,
        broken,  // already reported; checked no further
    };
    Type type = Type::null;
    std::string text = {};      // scalar
    bool is_quoted = false;     // scalar: "8" is not 8 when it is printed again
    bool replaces = false;      // map: brought its own base, so merging must not mix it with another map
    bool needs_source = false;  // sourced value without status, in a file that must give one
    bool by_default = false;    // filled in from the schema
    SourceMark mark = {};
    std::vector<ConfigNode> items = {};
    std::vector<ConfigEntry> entries = {};

    [[nodiscard]] const ConfigNode* find(std::string_view key) const;
    [[nodiscard]] ConfigNode* find(std::string_view key);
    [[nodiscard]] const ConfigEntry* entry(std::string_view key) const;
    void set(std::string_view key, SourceMark key_mark, ConfigNode value);  // replaces or appends
    void erase(std::string_view key);

    [[nodiscard]] static ConfigNode scalar(std::string text, SourceMark mark, bool is_quoted = false);
    [[nodiscard]] static ConfigNode map(SourceMark mark);
};

struct ConfigEntry {
    std::string key;
    SourceMark key_mark;
    ConfigNode value;
};

// "a map", "a list", "nothing", "'abc'": for messages.
[[nodiscard]] std::string found_text(const ConfigNode& node);

// One line of flow YAML that reads back to the same node.
[[nodiscard]] std::string flow_yaml(const ConfigNode& node);
// A scalar as YAML: plain where nothing can misread it, quoted otherwise.
[[nodiscard]] std::string scalar_yaml(std::string_view text, bool is_quoted);

}  // namespace myriad
