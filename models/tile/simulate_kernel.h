#pragma once
// The tile level: one kernel alone on one card, by the kernel-free model on a private agenda. Milliseconds of host time;
// the kernel table (models/kernel_table) remembers what has been simulated.

#include "models/chip_config.h"
#include "models/tile/kernel_result.h"

namespace myriad {

struct SimulationOptions {
    TileTrace* trace = nullptr;  // none: nothing is traced
    // At most this many steps a tile: deeper loops load larger blocks a step. More is finer and slower.
    std::int64_t steps_per_tile = 64;
};

// Throws UserError when the chip can do the kernel neither natively nor by emulation.
[[nodiscard]] KernelResult simulate_kernel(const ChipConfig& chip, const Kernel& kernel,
                                           const SimulationOptions& options = {});

}  // namespace myriad
