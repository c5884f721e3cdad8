// `myriad kernel`: one kernel, or a sweep of one, on one card.

#include "app/commands/commands.h"
#include "app/commands/output_file.h"
#include "app/config_files/load.h"
#include "app/config_files/read_hardware.h"
#include "app/kernel/kernel_plot.h"
#include "app/kernel/kernel_result_text.h"
#include "app/kernel/kernel_trace.h"
#include "sim/error/error.h"
#include "sim/progress/progress_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>

namespace myriad {

namespace {

// The one kernel option that was given.
std::pair<const KernelFamily*, std::string> chosen_kernel(const KernelArguments& arguments) {
    std::vector<std::string> given;
    for (const auto& [name, text] : arguments.kernels) {
        given.push_back("--" + name);
    }
    if (given.empty()) {
        throw UserError("expected a kernel, like '--gemm 8192,8192,8192'; 'myriad kernel --help' lists them");
    }
    if (given.size() > 1) {
        throw UserError(fmt::format("expected one kernel, found {}", fmt::join(given, " and ")));
    }
    return {&kernel_family(arguments.kernels.begin()->first), arguments.kernels.begin()->second};
}

KernelLevel parse_level(const std::string& text) {
    for (const KernelLevel level : {KernelLevel::roofline, KernelLevel::tile}) {
        if (text == name_of(level)) {
            return level;
        }
    }
    throw UserError(SourceMark{"--card " + text, 0, 0}, fmt::format("expected one of roofline, tile; found '{}'{}",
                                                                    text, did_you_mean(text, {"roofline", "tile"})));
}

// What an option asks for that the rest of the command line cannot give.
void check_options(const KernelArguments& arguments, const KernelRequest& request, KernelLevel level) {
    check_output_file("--svg", arguments.svg_file);
    check_output_file("--trace", arguments.trace_file);
    check_output_file("--vcd", arguments.vcd_file);
    for (const auto& [option, file] : {std::pair{"--trace", arguments.trace_file}, {"--vcd", arguments.vcd_file}}) {
        if (file.empty()) {
            continue;
        }
        if (level != KernelLevel::tile) {
            throw UserError(SourceMark{fmt::format("{} {}", option, file), 0, 0},
                            "only the tile level has something to trace; expected --card tile");
        }
        if (request.points.size() != 1) {
            throw UserError(SourceMark{fmt::format("{} {}", option, file), 0, 0},
                            fmt::format("expected one kernel, found a sweep of {}", request.points.size()));
        }
    }
}

void check_plot(const KernelArguments& arguments, const KernelReport& report) {
    const Kernel& kernel = report.points.front()->kernel;
    const std::string option = "--svg " + arguments.svg_file;
    if (kernel.work.count() <= 0.0) {
        throw UserError(SourceMark{option, 0, 0}, "a kernel without flop has no place in a roofline");
    }
    if (peak_of(*report.chip, kernel).count() <= 0.0) {
        throw UserError(SourceMark{option, 0, 0},
                        fmt::format("{} has no {}, so there is no roof", report.chip->name, peak_name(kernel)));
    }
}

void run_points(const ChipConfig& chip, const KernelRequest& request, TileTrace* trace, KernelReport& report) {
    ProgressLine progress("kernels", static_cast<std::int64_t>(report.points.size()));
    std::int64_t done = 0;
    for (const auto& point : report.points) {
        run_point(chip, *point, report.level, trace, request.option);
        progress.update(++done);
    }
}

}  // namespace

void kernel_command(const KernelArguments& arguments, std::ostream& out) {
    const auto [family, text] = chosen_kernel(arguments);
    const KernelLevel level = parse_level(arguments.card);
    const KernelRequest request =
        parse_kernel_request(*family, text, parse_data_type(arguments.data_type), arguments.sweeps);
    check_options(arguments, request, level);
    const Loaded<ChipFile> loaded = load_chip(arguments.chip, arguments.overrides);
    if (level == KernelLevel::tile && !has_core(loaded.value.chip)) {
        throw UserError(SourceMark{"--card " + arguments.card, 0, 0}, needs_core(name_of(level), loaded.value.chip));
    }
    KernelReport report;
    report.chip = &loaded.value.chip;
    report.level = level;
    report.request = &request;
    for (const KernelSpec& spec : request.points) {
        report.points.push_back(std::make_unique<KernelPoint>(spec, request.option));
    }
    if (!arguments.svg_file.empty()) {
        check_plot(arguments, report);  // before the run, not after
    }
    const bool traced = !arguments.trace_file.empty() || !arguments.vcd_file.empty();
    KernelTrace trace(std::min(arguments.trace_cores, report.chip->cores), report.chip->hbm.bandwidth);
    run_points(*report.chip, request, traced ? &trace : nullptr, report);
    if (!arguments.svg_file.empty()) {
        write_output_file("--svg", arguments.svg_file, roofline_svg(report));
    }
    if (!arguments.trace_file.empty()) {
        write_output_file("--trace", arguments.trace_file,
                          trace.perfetto(std::string(report.points.front()->kernel.label)));
    }
    if (!arguments.vcd_file.empty()) {
        write_output_file("--vcd", arguments.vcd_file, trace.waves(std::string(report.points.front()->kernel.label)));
    }
    if (arguments.json) {
        out << kernel_json(report);
        return;
    }
    out << (request.axes.empty() ? kernel_text(report) : sweep_text(report));
    if (trace.cut()) {
        out << fmt::format("\nthe trace is cut: it ends at {:.3f} us\n", seconds(trace.end().time_since_epoch()) * 1e6);
    }
}

}  // namespace myriad
