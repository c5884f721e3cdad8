#pragma once
// From an LLM file to the struct that workloads count with.

#include "sim/config/section.h"
#include "sim/units/units.h"
#include "workloads/llm/model_config.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

// Totals that the file states; what the shape gives is compared with them.
struct LlmTotals {
    std::int64_t params_total = 0;
    std::optional<std::int64_t> params_active;
    Bytes kv_bytes_per_token;
    std::optional<Bytes> linear_state_bytes;
};

struct LlmFile {
    std::string title;
    LlmConfig model;
    std::optional<LlmTotals> expected;
};

[[nodiscard]] LlmFile read_llm(Section s);

// One line for each stated total that does not follow from the shape.
[[nodiscard]] std::vector<std::string> disagreements(const LlmFile& file);

}  // namespace myriad
