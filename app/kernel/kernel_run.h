#pragma once
// Runs one kernel on one card at the asked level, and works out the figures that people compare.

#include "app/kernel/kernel_text.h"
#include "models/chip_config.h"
#include "models/ppu/roofline.h"
#include "models/tile/simulate_kernel.h"

#include <optional>
#include <string>

namespace myriad {

enum class KernelLevel : std::uint8_t { roofline, tile };
[[nodiscard]] std::string_view name_of(KernelLevel level);

// What one level says of a kernel. Rates are over the whole time, launch included: what a stream of such kernels sees.
struct KernelRates {
    Picoseconds total{};
    Picoseconds launch{};
    Picoseconds body{};
    Bytes hbm;                   // read and written, as the level counts
    double flop_per_s = 0.0;     // work / total
    double bytes_per_s = 0.0;    // hbm / total
    double peak_share = 0.0;     // of the peak of the unit and type; 0: no peak
    double hbm_share = 0.0;      // of the HBM peak
    double flop_per_byte = 0.0;  // work / hbm; 0: no bytes
    std::string bound;           // in words
};

struct KernelPoint {
    KernelSpec spec;
    Kernel kernel;                         // refers to `spec`
    std::optional<RooflineTime> roofline;  // none: the chip has no native rate for the type
    std::optional<KernelResult> tile;      // at tile level

    KernelPoint(KernelSpec asked, const std::string& option);
    KernelPoint(const KernelPoint&) = delete;
    KernelPoint& operator=(const KernelPoint&) = delete;
};

// Peak of the unit that does the kernel, for its type; 0: the chip has no native form.
[[nodiscard]] FlopPerSecond peak_of(const ChipConfig& chip, const Kernel& kernel);
// "bf16 matrix peak"
[[nodiscard]] std::string peak_name(const Kernel& kernel);

// Refuses operands that are larger than the card's HBM. UserErrors are told at `option`.
void run_point(const ChipConfig& chip, KernelPoint& point, KernelLevel level, TileTrace* trace,
               const std::string& option);

[[nodiscard]] KernelRates roofline_rates(const ChipConfig& chip, const KernelPoint& point);  // it has a roofline
[[nodiscard]] KernelRates tile_rates(const ChipConfig& chip, const KernelPoint& point);      // it has a tile result
[[nodiscard]] KernelRates rates_at(const ChipConfig& chip, const KernelPoint& point, KernelLevel level);

}  // namespace myriad
