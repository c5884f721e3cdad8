// `myriad compare`.

#include "app/cli/command_options.h"
#include "app/cli/quiet_output.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace myriad {

void add_compare(CLI::App& app, CompareArguments& arguments, Chosen& chosen) {
    CLI::App& command = *app.add_subcommand("compare", "Say how runs differ and from which causes");
    command
        .add_option("runs", arguments.runs,
                    "Result folders of 'myriad run', or scenarios (.yaml) to run now; all are compared with the first")
        ->required()
        ->expected(2, 16)
        ->type_name("A B [C...]");
    add_overrides(command, arguments.overrides, "fidelity.network=analytic");
    command.add_option("-j,--jobs", arguments.jobs, "Scenarios at the same time (default: one a core)")
        ->check(whole_number(1, 1024))
        ->type_name("N");
    command.add_flag("--no-kernel-cache", arguments.no_kernel_cache,
                     "Neither read nor write simulated kernels of other runs");
    CLI::Option* out =
        command.add_option("--out", arguments.out_folder, "Folder of the result (default: results/A_vs_B)")
            ->type_name("DIR");
    command.add_flag("--no-result", arguments.no_result, "Print only; write no result folder")->excludes(out);
    command.add_flag("--json", arguments.json, "Print as JSON");
    command.add_flag("-q,--quiet", kQuietHelp);
    command.footer(
        "Examples:\n  myriad compare scenarios/quickstart.yaml scenarios/qwen3_32b_h20.yaml\n"
        "  myriad run scenarios/quickstart.yaml && myriad run scenarios/quickstart.yaml --network analytic --out "
        "results/analytic &&\n    myriad compare results/quickstart results/analytic");
    command.callback([&arguments, &chosen] {
        chosen = [&arguments](std::ostream& out_stream) {
            compare_command(arguments, out_stream);
            return 0;
        };
    });
}

}  // namespace myriad
