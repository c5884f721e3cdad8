#pragma once
// The check of an expanded tree against its schema: after it, every value that a reader asks for can be read.

#include "sim/config/error_log.h"
#include "sim/config/node.h"
#include "sim/config/schema.h"
#include "sim/config/sourced.h"

#include <optional>
#include <string>
#include <string_view>

namespace myriad {

void validate(const ConfigNode& map, const Schema& schema, ErrorLog& errors);

// "unknown key 'bandwith' in link; did you mean 'bandwidth'?"
[[nodiscard]] std::string unknown_key(const std::string& key, const Schema& schema);

[[nodiscard]] std::optional<Status> status_of(std::string_view name);

}  // namespace myriad
