// Each cause is a factor by which one resource, or the whole, is worse than in the ideal: every slot busy in every wave,
// every core at its peak, every operand moved once at the full bandwidth. A factor below 1.05 is left out.

#include "app/run/explain_kernel.h"

#include "sim/units/quantity_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace myriad {

namespace {

constexpr double kWorthSaying = 1.05;
constexpr double kHbmMatters = 0.5;  // share of the time that its bus is busy

class Causes {
public:
    void add(double factor, std::string text) {
        if (std::isfinite(factor) && factor >= kWorthSaying) {
            causes_.emplace_back(factor, std::move(text));
        }
    }
    [[nodiscard]] std::vector<std::string> sorted() {
        std::stable_sort(causes_.begin(), causes_.end(),
                         [](const auto& a, const auto& b) { return a.first > b.first; });
        std::vector<std::string> texts;
        for (auto& [factor, text] : causes_) {
            texts.push_back(std::move(text));
        }
        return texts;
    }

private:
    std::vector<std::pair<double, std::string>> causes_;
};

void add_waves(const KernelResult& result, Causes& causes) {
    if (result.waves <= 0.0 || result.tiles <= 0) {
        return;
    }
    const auto slots = static_cast<std::int64_t>(std::llround(static_cast<double>(result.tiles) / result.waves));
    const double whole = std::ceil(result.waves - 1e-9);
    const double factor = whole / result.waves;
    if (result.waves < 1.0) {
        causes.add(factor, fmt::format("{:.2f}x too few tiles: {} on {} slots", factor, result.tiles, slots));
    } else {
        causes.add(factor, fmt::format("{:.2f}x wave quantisation: {} tiles on {} slots = {:.0f} waves of {:.2f}",
                                       factor, result.tiles, slots, whole, result.waves));
    }
}

// Time in which the units were busy, against the work at the peak.
void add_fill(const ChipConfig& chip, const Kernel& kernel, const KernelResult& result, Causes& causes) {
    const bool tensor = kernel.unit == KernelUnit::tensor;
    const FlopPerSecond peak = (tensor ? chip.tensor : chip.vector).of(kernel.type);
    if (peak.count() <= 0.0 || kernel.work.count() <= 0.0) {
        return;
    }
    const double busy = (tensor ? result.tensor_busy : result.vector_busy) * seconds(result.body);
    const double factor = busy * peak.count() / kernel.work.count();
    causes.add(factor, fmt::format("{:.2f}x {} fill: edges of tiles and issue", factor, tensor ? "tensor" : "vector"));
    if (tensor && result.tensor_busy <= 0.0) {
        causes.add(kWorthSaying, "no shape: the work is done as a stream on the vector lanes");
    } else if (tensor && result.vector_busy > result.tensor_busy) {
        const double beside = result.vector_busy / result.tensor_busy;
        causes.add(beside, fmt::format("{:.2f}x vector work for the time of the products", beside));
    }
}

void add_memory(const Kernel& kernel, const KernelResult& result, Causes& causes) {
    const auto once = static_cast<double>((kernel.read + kernel.written).count());
    const auto moved = static_cast<double>((result.hbm_read + result.hbm_written).count());
    if (once > 0.0 && result.hbm_busy > kHbmMatters) {
        causes.add(moved / once, fmt::format("{:.2f}x HBM traffic: {} moved, every operand once is {}", moved / once,
                                             human_text(result.hbm_read + result.hbm_written),
                                             human_text(kernel.read + kernel.written)));
    }
    if (result.limit == KernelLimit::hbm) {
        const double idle = result.hbm_busy > 0.0 ? 1.0 / result.hbm_busy : 1.0;
        causes.add(idle, fmt::format("{:.2f}x HBM bus idle: {:.0f} % row hits, {:.1f} % refresh", idle,
                                     100.0 * result.row_hit_rate, 100.0 * result.refresh));
    }
    if (result.limit == KernelLimit::cache || result.limit == KernelLimit::core_port) {
        const double factor = static_cast<double>(result.cache_read.count()) / std::max(once, 1.0);
        causes.add(factor,
                   fmt::format("{:.2f}x cache traffic: cores asked for {}", factor, human_text(result.cache_read)));
    }
}

}  // namespace

std::vector<std::string> explain(const ChipConfig& chip, const Kernel& kernel, const KernelResult& result) {
    Causes causes;
    const double whole = result.body.count() > 0 ? seconds(result.total) / seconds(result.body) : kWorthSaying;
    causes.add(whole,
               fmt::format("{:.2f}x launch: {} of {}", whole, human_text(result.launch), human_text(result.total)));
    add_waves(result, causes);
    add_fill(chip, kernel, result, causes);
    add_memory(kernel, result, causes);
    return causes.sorted();
}

}  // namespace myriad
