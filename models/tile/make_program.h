#pragma once
// From a kernel to the program that a vendor library would launch for it.

#include "models/tile/gemm_program.h"
#include "models/tile/tile_program.h"

#include <memory>

namespace myriad {

[[nodiscard]] std::unique_ptr<TileProgram> make_program(const ChipConfig& chip, const Kernel& kernel,
                                                        std::int64_t steps_per_tile);

// The plan with the least estimated time among the chip's tiles and splits of k.
[[nodiscard]] GemmPlan choose_gemm_plan(const ChipConfig& chip, const CoreRates& rates,
                                        const GemmProgram::Problem& problem);

}  // namespace myriad
