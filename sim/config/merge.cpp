// Overriding. Maps of the schema's sections merge key by key; a value, a list, or a map that brought its own base
// replaces, and of a schema of alternatives (a workload) the one that is put over another takes its place. A sourced value whose `value` is overridden takes nothing from the old one: its source spoke of the old
// value.

#include "sim/config/expand.h"

#include <utility>

namespace myriad {

namespace {

ConfigNode merged_source(ConfigNode base, ConfigNode over) {
    const bool both_maps = base.type == ConfigNode::Type::map && over.type == ConfigNode::Type::map;
    if (!both_maps || over.find("value") != nullptr) {
        // An override may leave the source out even in a hardware file: "chosen here" is its source.
        over.needs_source = over.needs_source && base.needs_source;
        return over;
    }
    for (ConfigEntry& entry : over.entries) {
        base.set(entry.key, std::move(entry.key_mark), std::move(entry.value));
    }
    return base;
}

ConfigNode merged_one(ConfigNode base, ConfigNode over, const SchemaKey& key) {
    if (key.is_sourced) {
        return merged_source(std::move(base), std::move(over));
    }
    return key.nested == nullptr ? std::move(over) : merged(std::move(base), std::move(over), key.nested());
}

}  // namespace

ConfigNode merged_value(ConfigNode base, ConfigNode over, const SchemaKey& key) {
    if (key.shape == Shape::one) {
        return merged_one(std::move(base), std::move(over), key);
    }
    const bool both_maps = base.type == ConfigNode::Type::map && over.type == ConfigNode::Type::map;
    if (key.shape == Shape::list || !both_maps) {
        return over;
    }
    for (ConfigEntry& entry : over.entries) {
        ConfigNode* below = base.find(entry.key);
        ConfigNode value =
            below == nullptr ? std::move(entry.value) : merged_one(std::move(*below), std::move(entry.value), key);
        base.set(entry.key, std::move(entry.key_mark), std::move(value));
    }
    return base;
}

ConfigNode merged(ConfigNode base, ConfigNode over, const Schema& schema) {
    const bool both_maps = base.type == ConfigNode::Type::map && over.type == ConfigNode::Type::map;
    if (!both_maps || over.replaces || base.entries.empty()) {
        return over;
    }
    if (schema.has_alternatives()) {
        std::erase_if(base.entries, [&](const ConfigEntry& entry) { return over.find(entry.key) == nullptr; });
    }
    for (ConfigEntry& entry : over.entries) {
        const SchemaKey* key = schema.find(entry.key);
        ConfigNode* below = base.find(entry.key);
        ConfigNode value = key == nullptr || below == nullptr
                               ? std::move(entry.value)
                               : merged_value(std::move(*below), std::move(entry.value), *key);
        base.set(entry.key, std::move(entry.key_mark), std::move(value));
    }
    base.mark = std::move(over.mark);
    return base;
}

}  // namespace myriad
