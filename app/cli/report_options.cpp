// `myriad report`.

#include "app/cli/command_options.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace myriad {

void add_report(CLI::App& app, ReportArguments& arguments, Chosen& chosen) {
    CLI::App& command = *app.add_subcommand("report", "Make report.html, one page for people, from a result");
    command.add_option("folder", arguments.folder, "Folder of a result of 'myriad run', 'sweep' or 'compare'")
        ->required()
        ->type_name("FOLDER");
    command.add_option("--out", arguments.out_file, "Write the page into this file (default: FOLDER/report.html)")
        ->type_name("FILE");
    command.footer(
        "Examples:\n  myriad run scenarios/quickstart.yaml && myriad report results/quickstart\n"
        "  myriad report results/icn_bandwidth --out icn_bandwidth.html");
    command.callback([&arguments, &chosen] {
        chosen = [&arguments](std::ostream& out) {
            report_command(arguments, out);
            return 0;
        };
    });
}

}  // namespace myriad
