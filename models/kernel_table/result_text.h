#pragma once
// A result as one line of text that reads back to the same bits: for stores, and to see what one holds. Every line ends
// with a checksum of itself, so a line that was cut or changed is known.

#include "models/kernel_table/kernel_store.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace myriad {

// "KEY field ... field CHECKSUM", no line break.
[[nodiscard]] std::string line_of(const HashKey& key, const KernelResult& result);
// Nothing unless the line is whole and unchanged.
[[nodiscard]] std::optional<std::pair<HashKey, KernelResult>> parse_line(std::string_view line);

}  // namespace myriad
