// One option a kernel, from the table of kernels; the others are those of its run.

#include "app/cli/kernel_options.h"

#include "app/cli/command_options.h"
#include "app/cli/quiet_output.h"
#include "app/kernel/families.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace myriad {

namespace {

constexpr int kTraceCoresMax = 1024;

std::string trace_cores_problem(const std::string& text) {
    int value = 0;
    const bool good = CLI::detail::lexical_cast(text, value) && value >= 1 && value <= kTraceCoresMax;
    return good ? "" : "expected 1 to " + std::to_string(kTraceCoresMax) + ", found '" + text + "'";
}

void add_kernel_choice(CLI::App& command, KernelArguments& arguments) {
    for (const KernelFamily& family : kernel_families()) {
        const std::string name(family.name);
        command
            .add_option_function<std::string>(
                "--" + name, [&arguments, name](const std::string& text) { arguments.kernels[name] = text; },
                std::string(family.help))
            ->type_name(std::string(family.placeholder));
    }
}

}  // namespace

void add_kernel(CLI::App& app, KernelArguments& arguments, std::function<int(std::ostream&)>& chosen) {
    CLI::App& command = *app.add_subcommand("kernel", "Time one kernel on one card, with what bounds it");
    command.add_option("chip", arguments.chip, "Chip: a name (zhenwu-810e) or a file (.yaml)")
        ->required()
        ->type_name("CHIP");
    add_kernel_choice(command, arguments);
    command.add_option("--dtype", arguments.data_type, "fp32, tf32, bf16, fp16, fp8 or int8")
        ->capture_default_str()
        ->type_name("TYPE");
    command
        .add_option("--sweep", arguments.sweeps, "Several values of a field (repeatable): m=1:16384:2x or k=4096,8192")
        ->type_name("AXIS=VALUES")
        ->allow_extra_args(false);
    command.add_option("--card", arguments.card, "Card level: roofline or tile")
        ->capture_default_str()
        ->type_name("LEVEL");
    command
        .add_option("--set", arguments.overrides,
                    "Put a value over that of the file (repeatable), like hbm.efficiency=0.9")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
    command.add_option("--svg", arguments.svg_file, "Draw the points under the roofs of the chip into this file")
        ->type_name("FILE");
    command.add_option("--trace", arguments.trace_file, "Write a trace for ui.perfetto.dev into this file")
        ->type_name("FILE");
    command.add_option("--vcd", arguments.vcd_file, "Write waves for gtkwave into this file")->type_name("FILE");
    command.add_option("--trace-cores", arguments.trace_cores, "Cores in --trace and --vcd")
        ->check(CLI::Validator([](const std::string& text) { return trace_cores_problem(text); }, ""))
        ->capture_default_str()
        ->type_name("N");
    command.add_flag("--json", arguments.json, "Print as JSON");
    command.add_flag("-q,--quiet", kQuietHelp);
    command.footer(
        "A kernel's values stand in their order, or with names: --gemm m=8192,n=8192,k=8192.\n\n"
        "Examples:\n  myriad kernel zhenwu-810e --gemm 8192,8192,8192\n"
        "  myriad kernel h100 --gemm 1,8192,8192 --sweep m=1:16384:2x --svg gemm.svg\n"
        "  myriad kernel h20 --attention heads=64,kv_heads=8,queries=4096\n"
        "  myriad kernel h800 --decode batch=64,heads=64,kv_heads=8,keys=8192 --card roofline\n"
        "  myriad kernel zhenwu-810e --grouped-gemm 8x128:0:64,4096,7168\n"
        "  myriad kernel zhenwu-810e --softmax 4096,4096 --trace softmax.json --trace-cores 2");
    command.callback([&arguments, &chosen] {
        chosen = [&arguments](std::ostream& out) {
            kernel_command(arguments, out);
            return 0;
        };
    });
}

}  // namespace myriad
