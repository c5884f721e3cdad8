// The roofline, as arithmetic. The modules (compute.h, roofline_hbm.h) come to the same time through TLM calls; a test
// holds the two together.

#include "models/ppu/roofline.h"

#include "models/hbm/roofline_hbm.h"
#include "sim/error/error.h"

#include <algorithm>
#include <cmath>

namespace myriad {

FlopPerSecond attained_rate(const ChipConfig& chip, KernelUnit unit, DataType type) {
    const bool tensor = unit == KernelUnit::tensor;
    const FlopPerSecond peak = (tensor ? chip.tensor : chip.vector).of(type);
    if (peak.count() <= 0) {
        throw UserError(chip.name + " has no " + std::string(name_of(type)) + " on its " +
                        (tensor ? "matrix" : "vector") + " units; choose a data type that 'myriad show chip " +
                        chip.name + "' lists");
    }
    return peak * (tensor ? chip.gemm_efficiency : chip.vector_efficiency);
}

Picoseconds slowed(Picoseconds time, double speed) {
    return speed == 1.0 ? time
                        : Picoseconds{static_cast<std::int64_t>(std::ceil(static_cast<double>(time.count()) / speed))};
}

Picoseconds launch_time(const ChipConfig& chip, const Kernel& kernel) { return chip.launch_latency * kernel.launches; }

Picoseconds compute_time(const ChipConfig& chip, const Kernel& kernel) {
    if (kernel.work.count() <= 0) {
        return Picoseconds{0};
    }
    return work_time(kernel.work, attained_rate(chip, kernel.unit, kernel.type));
}

RooflineTime roofline_time(const ChipConfig& chip, const Kernel& kernel, const CardSpeed& speed) {
    const RooflineHbmModel hbm(chip.hbm);
    RooflineTime time;
    time.launch = launch_time(chip, kernel);
    time.compute = slowed(compute_time(chip, kernel), speed.compute);
    time.memory = slowed(hbm.transfer(kernel.read) + hbm.transfer(kernel.written), speed.hbm);
    const Picoseconds body = std::max(time.compute, time.memory);
    time.total = time.launch + body;
    time.bound = body < time.launch            ? KernelBound::launch
                 : time.compute >= time.memory ? KernelBound::compute
                                               : KernelBound::memory;
    return time;
}

}  // namespace myriad
