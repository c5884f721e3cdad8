#pragma once
// What `myriad kernel` prints: one kernel in full, a sweep as a table, both as JSON.

#include "app/kernel/kernel_run.h"

#include <memory>
#include <string>
#include <vector>

namespace myriad {

struct KernelReport {
    const ChipConfig* chip = nullptr;
    KernelLevel level = KernelLevel::tile;
    const KernelRequest* request = nullptr;
    std::vector<std::unique_ptr<KernelPoint>> points;
};

[[nodiscard]] std::string kernel_text(const KernelReport& report);  // of one point
[[nodiscard]] std::string sweep_text(const KernelReport& report);
[[nodiscard]] std::string kernel_json(const KernelReport& report);

}  // namespace myriad
