// --uncertainty [N] of run and sweep.

#include "app/cli/command_options.h"

#include <CLI/CLI.hpp>

namespace myriad {

CLI::Option& add_uncertainty(CLI::App& command, int& samples, const std::string& what) {
    constexpr int kLeast = 2;
    constexpr int kMost = 100'000;
    return *command
                .add_option_function<int>(
                    "--uncertainty", [&samples](const int& count) { samples = count; }, what)
                ->expected(0, 1)
                ->default_str("64")
                ->check(whole_number(kLeast, kMost))
                ->type_name("[N]");
}

}  // namespace myriad
