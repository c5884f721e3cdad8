// Levels answer in their own words; here they become the same figures. Bytes of the roofline are each operand once; those
// of the tile level are what crossed the HBM pins, more when a cache was too small for what the tiles read again.

#include "app/kernel/kernel_run.h"

#include "sim/error/error.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {
namespace {

KernelRates rates(const ChipConfig& chip, const Kernel& kernel, Picoseconds total, Picoseconds launch, Bytes hbm) {
    KernelRates result;
    result.total = total;
    result.launch = launch;
    result.body = total - launch;
    result.hbm = hbm;
    const double time = seconds(total);
    const auto bytes = static_cast<double>(hbm.count());
    result.flop_per_s = time > 0.0 ? kernel.work.count() / time : 0.0;
    result.bytes_per_s = time > 0.0 ? bytes / time : 0.0;
    const double peak = peak_of(chip, kernel).count();
    result.peak_share = peak > 0.0 ? result.flop_per_s / peak : 0.0;
    result.hbm_share = result.bytes_per_s / static_cast<double>(chip.hbm.bandwidth.count());
    result.flop_per_byte = bytes > 0.0 ? kernel.work.count() / bytes : 0.0;
    return result;
}

std::string words_of(KernelBound bound, KernelUnit unit) {
    switch (bound) {
        case KernelBound::compute:
            return unit == KernelUnit::tensor ? "matrix units" : "vector lanes";
        case KernelBound::memory:
            return "HBM bandwidth";
        case KernelBound::launch:
            break;
    }
    return "launch";
}

std::string words_of(KernelLimit limit) {
    switch (limit) {
        case KernelLimit::tensor:
            return "matrix units";
        case KernelLimit::vector:
            return "vector lanes";
        case KernelLimit::hbm:
            return "HBM bandwidth";
        case KernelLimit::cache:
            return "cache bandwidth";
        case KernelLimit::core_port:
            return "core ports";
        case KernelLimit::launch:
            return "launch";
        case KernelLimit::latency:
            break;
    }
    return "latency";
}

}  // namespace

std::string_view name_of(KernelLevel level) { return level == KernelLevel::tile ? "tile" : "roofline"; }

KernelPoint::KernelPoint(KernelSpec asked, const std::string& option)
    : spec(std::move(asked)), kernel(make_kernel(spec, option)) {}

FlopPerSecond peak_of(const ChipConfig& chip, const Kernel& kernel) {
    return (kernel.unit == KernelUnit::tensor ? chip.tensor : chip.vector).of(kernel.type);
}

std::string peak_name(const Kernel& kernel) {
    return fmt::format("{} {} peak", name_of(kernel.type), kernel.unit == KernelUnit::tensor ? "matrix" : "vector");
}

void run_point(const ChipConfig& chip, KernelPoint& point, KernelLevel level, TileTrace* trace,
               const std::string& option) {
    const Bytes most = std::max(point.kernel.read, point.kernel.written);
    if (most > chip.hbm.capacity) {
        throw UserError(SourceMark{option, 0, 0},
                        fmt::format("{} of {} do not fit {} of HBM; expected a smaller kernel", human_text(most),
                                    point.kernel.read == most ? "operands" : "results", human_text(chip.hbm.capacity)));
    }
    const bool native = point.kernel.work.count() <= 0.0 || peak_of(chip, point.kernel).count() > 0.0;
    try {
        if (native || level == KernelLevel::roofline) {
            point.roofline = roofline_time(chip, point.kernel);
        }
        if (level == KernelLevel::tile) {
            point.tile = simulate_kernel(chip, point.kernel, {trace});
        }
    } catch (const UserError& error) {
        throw UserError(SourceMark{option, 0, 0}, error.diagnostics().front().message);
    }
}

KernelRates roofline_rates(const ChipConfig& chip, const KernelPoint& point) {
    MYRIAD_CHECK(point.roofline.has_value(), "a roofline that was not asked for");
    const RooflineTime& time = *point.roofline;
    KernelRates result = rates(chip, point.kernel, time.total, time.launch, point.kernel.read + point.kernel.written);
    result.bound = words_of(time.bound, point.kernel.unit);
    return result;
}

KernelRates tile_rates(const ChipConfig& chip, const KernelPoint& point) {
    MYRIAD_CHECK(point.tile.has_value(), "a tile level that was not asked for");
    const KernelResult& tile = *point.tile;
    KernelRates result = rates(chip, point.kernel, tile.total, tile.launch, tile.hbm_read + tile.hbm_written);
    result.bound = words_of(tile.limit);
    return result;
}

KernelRates rates_at(const ChipConfig& chip, const KernelPoint& point, KernelLevel level) {
    return level == KernelLevel::tile ? tile_rates(chip, point) : roofline_rates(chip, point);
}

}  // namespace myriad
