// Parsing is most of what reading a scenario costs. The cache is one variable of the process, because the expander of
// every document must find it; it is set only while somebody has asked for it.

#include "sim/config/parse_cache.h"

#include "sim/config/yaml_parse.h"

#include <map>
#include <memory>
#include <utility>

namespace myriad {
namespace {

struct Content {
    std::map<std::string, KnownFile> files;
    std::map<std::string, ConfigNode> defaults;
};

std::unique_ptr<Content>& content() {
    static std::unique_ptr<Content> only;
    return only;
}

int& users() {
    static int count = 0;
    return count;
}

}  // namespace

ParseCache::ParseCache() {
    if (users()++ == 0) {
        content() = std::make_unique<Content>();
    }
}

ParseCache::~ParseCache() {
    if (--users() == 0) {
        content().reset();
    }
}

const KnownFile* known_file(const std::string& path) {
    if (!content()) {
        return nullptr;
    }
    const auto at = content()->files.find(path);
    return at == content()->files.end() ? nullptr : &at->second;
}

void keep_file(const std::string& path, KnownFile file) {
    if (content()) {
        content()->files.insert_or_assign(path, std::move(file));
    }
}

ConfigNode default_value(const std::string& text, const SourceMark& nowhere) {
    if (!content()) {
        return parse_yaml_value(text, nowhere);
    }
    const auto at = content()->defaults.find(text);
    return at != content()->defaults.end()
               ? at->second
               : content()->defaults.emplace(text, parse_yaml_value(text, nowhere)).first->second;
}

}  // namespace myriad
