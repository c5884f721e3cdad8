#pragma once
// The schemas that a walk has met. Schemas contain each other and themselves; their names are headings and definitions,
// so two schemas of one name would silently become one.

#include "sim/config/schema.h"
#include "sim/error/error.h"

#include <map>
#include <string>

namespace myriad {

class SeenSchemas {
public:
    // False if it was met before.
    bool insert(const Schema& schema) {
        const auto [entry, is_new] = by_name_.emplace(schema.name(), &schema);
        MYRIAD_CHECK(entry->second == &schema, "two schemas are called '" + schema.name() + "'");
        return is_new;
    }

private:
    std::map<std::string, const Schema*> by_name_;
};

}  // namespace myriad
