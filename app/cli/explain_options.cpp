// `myriad explain`.

#include "app/cli/command_options.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace myriad {

void add_explain(CLI::App& app, ExplainArguments& arguments, Chosen& chosen) {
    CLI::App& command =
        *app.add_subcommand("explain", "Say why a training step took its time, and what could be saved");
    command.add_option("folder", arguments.folder, "Folder of a result of 'myriad run'")
        ->required()
        ->type_name("RUN_FOLDER");
    command.add_flag("--json", arguments.json, "Print as JSON");
    command.footer(
        "Examples:\n  myriad run scenarios/quickstart.yaml && myriad explain results/quickstart\n"
        "  myriad explain results/quickstart --json");
    command.callback([&arguments, &chosen] {
        chosen = [&arguments](std::ostream& out) {
            explain_command(arguments, out);
            return 0;
        };
    });
}

}  // namespace myriad
