#pragma once
// What `myriad memory` prints of measured traffic: as text, as a table of patterns, as JSON.

#include "models/hbm/stack_traffic.h"

#include <string>
#include <vector>

namespace myriad {

// What was measured: stacks of one preset, all of them under the same pattern.
struct MemorySetup {
    std::string name;  // of the chip or of the preset
    HbmPreset preset;  // at the data rate of the chip
    int stacks = 1;
};

struct MeasuredPattern {
    std::string name;  // as the user calls it
    TrafficConfig traffic;
    TrafficResult result;
};

// The one thing that keeps the bandwidth from being higher, in a few words.
[[nodiscard]] std::string bound_of(const TrafficConfig& traffic, const TrafficResult& result);

[[nodiscard]] std::string memory_text(const MemorySetup& setup, const MeasuredPattern& measured);
[[nodiscard]] std::string memory_table(const MemorySetup& setup, const std::vector<MeasuredPattern>& measured);
[[nodiscard]] std::string memory_json(const MemorySetup& setup, const std::vector<MeasuredPattern>& measured);

}  // namespace myriad
