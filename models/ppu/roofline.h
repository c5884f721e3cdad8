#pragma once
// The roofline of a chip: time = launches x launch cost + max(work / attained flop/s, bytes / attained bytes/s).
// Attained = peak x efficiency, both from the chip's file with their sources. The tile level replaces the efficiencies
// by what the model does.

#include "models/chip_config.h"

namespace myriad {

// What bounds a kernel.
enum class KernelBound : std::uint8_t { compute, memory, launch };

struct RooflineTime {
    Picoseconds total;
    Picoseconds launch;
    Picoseconds compute;
    Picoseconds memory;
    KernelBound bound = KernelBound::compute;
};

// Attained rate of `unit` for `type`. Throws UserError when the chip has no native form of the type on that unit.
[[nodiscard]] FlopPerSecond attained_rate(const ChipConfig& chip, KernelUnit unit, DataType type);

// Shares of the speed of a card as built, for one that is slower than its kind. Launches cost what they cost.
struct CardSpeed {
    double compute = 1.0;  // of the whole kernel where a kernel table knows its time
    double hbm = 1.0;
};

// `time` at a share of the speed, rounded up; exactly `time` at 1.
[[nodiscard]] Picoseconds slowed(Picoseconds time, double speed);

[[nodiscard]] Picoseconds launch_time(const ChipConfig& chip, const Kernel& kernel);
[[nodiscard]] Picoseconds compute_time(const ChipConfig& chip, const Kernel& kernel);
[[nodiscard]] RooflineTime roofline_time(const ChipConfig& chip, const Kernel& kernel, const CardSpeed& speed = {});

}  // namespace myriad
