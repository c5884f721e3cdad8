// Options and help of `myriad memory`.

#include "app/cli/command_options.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace myriad {

void add_memory(CLI::App& app, MemoryArguments& arguments, Chosen& chosen) {
    CLI::App& command = *app.add_subcommand("memory", "Measure the HBM of a chip under a pattern of traffic");
    command.add_option("memory", arguments.memory, "Chip or HBM preset: a name (zhenwu-810e, hbm2e-3.6) or a file")
        ->required()
        ->type_name("CHIP|PRESET");
    command.add_option("--pattern", arguments.pattern, "Kind of traffic, listed below; all: a table of every kind")
        ->capture_default_str()
        ->type_name("NAME");
    command.add_option("--rw", arguments.mix, "Mix of reads and writes, like 2:1 (default: the pattern's)")
        ->type_name("R:W");
    command.add_option("--stride", arguments.stride, "Of strided (default: 4 KiB)")->type_name("SIZE");
    CLI::Option* outstanding =
        command.add_option("--outstanding", arguments.outstanding,
                           "64 B requests in flight in a stack at most (default: 2048); 1: idle latency");
    outstanding->type_name("N");
    command.add_option("--load", arguments.load, "Offer this much, in percent of the peak, at a fixed spacing")
        ->type_name("PERCENT")
        ->excludes(outstanding);
    add_overrides(command, arguments.overrides, "hbm.refresh_rate=1");
    command.add_flag("--json", arguments.json, "Print as JSON");
    command.footer(
        "Patterns: seq, seq_rd, seq_wr, stream, stream_conflict, stream_blocks, random, random_256, random_1k, "
        "strided\n\n"
        "Examples:\n  myriad memory zhenwu-810e\n  myriad memory h100 --pattern stream --load 60\n"
        "  myriad memory hbm2-2.0 --pattern random --outstanding 1\n"
        "  myriad memory hbm2e-3.6 --pattern all --set controller.refresh=per_bank");
    command.callback([&arguments, &chosen] {
        chosen = [&arguments](std::ostream& out) {
            memory_command(arguments, out);
            return 0;
        };
    });
}

}  // namespace myriad
