// Solid: the peaks of the file. Dashed: what the roofline level expects to be reached of them (peak x efficiency).

#include "app/kernel/kernel_plot.h"

#include "app/plot/log_plot.h"
#include "sim/error/error.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {
namespace {

std::string rate_tick(double value) { return human_text(FlopPerSecond{value}); }
std::string intensity_tick(double value) { return fmt::format("{:g}", value); }

struct Roof {
    double compute = 0.0;  // flop/s
    double memory = 0.0;   // bytes/s
    [[nodiscard]] double ridge() const { return compute / memory; }
};

void add_roof(LogPlot& plot, const Roof& roof, double first, double last, const std::string& compute_label,
              const std::string& memory_label, bool dashed) {
    plot.add(PlotLine{{{first, first * roof.memory}, {roof.ridge(), roof.compute}}, memory_label, dashed});
    plot.add(PlotLine{{{roof.ridge(), roof.compute}, {last, roof.compute}}, compute_label, dashed});
}

std::string point_label(const KernelReport& report, const KernelPoint& point) {
    std::string label;
    for (const KernelAxis& axis : report.request->axes) {
        label += fmt::format("{}{} {}", label.empty() ? "" : ", ", axis.field,
                             field_text(point.spec, *point.spec.family->field(axis.field)));
    }
    return label.empty() ? std::string(point.spec.family->name) : label;
}

}  // namespace

std::string roofline_svg(const KernelReport& report) {
    const ChipConfig& chip = *report.chip;
    const KernelPoint& first = *report.points.front();
    const double peak = peak_of(chip, first.kernel).count();
    const bool tensor = first.kernel.unit == KernelUnit::tensor;
    const Roof peaks{peak, static_cast<double>(chip.hbm.bandwidth.count())};
    const Roof reached{peak * (tensor ? chip.gemm_efficiency : chip.vector_efficiency),
                       peaks.memory * chip.hbm.efficiency};
    LogPlot plot(
        fmt::format("{} on {}, {}", first.spec.family->name, chip.name, name_of(first.spec.type)),
        fmt::format("{} level. Solid: peaks; dashed: peaks x the chip file's efficiencies. Time includes launch.",
                    name_of(report.level)),
        {"work per HBM byte, FLOP/B", intensity_tick}, {"achieved rate, FLOP/s", rate_tick});
    double least = peaks.ridge() / 4.0;
    double greatest = peaks.ridge() * 4.0;
    for (const auto& point : report.points) {
        const KernelRates rates = rates_at(chip, *point, report.level);
        MYRIAD_CHECK(rates.flop_per_s > 0.0 && rates.flop_per_byte > 0.0, "only work has a place in a roofline");
        least = std::min(least, rates.flop_per_byte);
        greatest = std::max(greatest, rates.flop_per_byte);
        const std::string label = point_label(report, *point);
        plot.add(PlotPoint{rates.flop_per_byte, rates.flop_per_s, label,
                           fmt::format("{}: {}, {}, bound by {}", label, human_text(rates.total),
                                       human_text(FlopPerSecond{rates.flop_per_s}), rates.bound),
                           "bound by " + rates.bound});
    }
    add_roof(plot, reached, least, greatest, "", "", true);
    add_roof(plot, peaks, least, greatest,
             fmt::format("{} {}", peak_name(first.kernel), human_text(FlopPerSecond{peak})),
             fmt::format("HBM peak {}", human_text(chip.hbm.bandwidth)), false);
    return plot.svg();
}

}  // namespace myriad
