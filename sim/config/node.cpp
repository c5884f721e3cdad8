// The tree and its one-line text. A scalar is printed plain only when every YAML reader takes it for the same string.

#include "sim/config/node.h"

#include <algorithm>
#include <array>
#include <utility>

namespace myriad {

namespace {

bool is_plain_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '/' || c == '+' || c == '-';
}

bool is_plain(std::string_view text) {
    constexpr std::array<std::string_view, 9> kTaken = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"};
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.front() == '-' || text.front() == '.' ||
        std::find(kTaken.begin(), kTaken.end(), lower) != kTaken.end()) {
        return false;
    }
    return std::all_of(text.begin(), text.end(), [](char c) { return is_plain_character(c) || c == ' '; });
}

std::string quoted(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (c == '\n') {
            result += "\\n";
        } else if (byte < 0x20 || byte == 0x7f) {
            result += "\\x";
            result += kHex[byte / 16];
            result += kHex[byte % 16];
        } else {
            result += c;
        }
    }
    return result + '"';
}

}  // namespace

const ConfigEntry* ConfigNode::entry(std::string_view key) const {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const ConfigEntry& e) { return e.key == key; });
    return found == entries.end() ? nullptr : &*found;
}

const ConfigNode* ConfigNode::find(std::string_view key) const {
    const ConfigEntry* found = entry(key);
    return found == nullptr ? nullptr : &found->value;
}

ConfigNode* ConfigNode::find(std::string_view key) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const ConfigEntry& e) { return e.key == key; });
    return found == entries.end() ? nullptr : &found->value;
}

void ConfigNode::set(std::string_view key, SourceMark key_mark, ConfigNode value) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const ConfigEntry& e) { return e.key == key; });
    if (found == entries.end()) {
        entries.push_back(ConfigEntry{std::string(key), std::move(key_mark), std::move(value)});
    } else {
        found->key_mark = std::move(key_mark);
        found->value = std::move(value);
    }
}

void ConfigNode::erase(std::string_view key) {
    entries.erase(std::remove_if(entries.begin(), entries.end(), [&](const ConfigEntry& e) { return e.key == key; }),
                  entries.end());
}

ConfigNode ConfigNode::scalar(std::string text, SourceMark mark, bool is_quoted) {
    return ConfigNode{.type = Type::scalar, .text = std::move(text), .is_quoted = is_quoted, .mark = std::move(mark)};
}

ConfigNode ConfigNode::map(SourceMark mark) { return ConfigNode{.type = Type::map, .mark = std::move(mark)}; }

std::string found_text(const ConfigNode& node) {
    constexpr std::size_t kMostQuoted = 60;
    switch (node.type) {
        case ConfigNode::Type::map:
            return "a map";
        case ConfigNode::Type::list:
            return "a list";
        case ConfigNode::Type::scalar:
            return "'" + node.text.substr(0, kMostQuoted) + (node.text.size() > kMostQuoted ? "...'" : "'");
        case ConfigNode::Type::null:
        case ConfigNode::Type::broken:
            break;
    }
    return "nothing";
}

std::string scalar_yaml(std::string_view text, bool is_quoted) {
    return !is_quoted && is_plain(text) ? std::string(text) : quoted(text);
}

std::string flow_yaml(const ConfigNode& node) {
    std::string result;
    if (node.type == ConfigNode::Type::scalar) {
        return scalar_yaml(node.text, node.is_quoted);
    }
    if (node.type == ConfigNode::Type::list) {
        for (const ConfigNode& item : node.items) {
            result += (result.empty() ? "" : ", ") + flow_yaml(item);
        }
        return '[' + result + ']';
    }
    if (node.type == ConfigNode::Type::map) {
        for (const ConfigEntry& entry : node.entries) {
            result += (result.empty() ? "" : ", ") + scalar_yaml(entry.key, false) + ": " + flow_yaml(entry.value);
        }
        return '{' + result + '}';
    }
    return "null";
}

}  // namespace myriad
