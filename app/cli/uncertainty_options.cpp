// --uncertainty [N] of run and sweep.

#include "app/cli/command_options.h"

#include <CLI/CLI.hpp>

namespace myriad {

CLI::Option& add_uncertainty(CLI::App& command, int& samples, const std::string& what) {
    constexpr int kLeast = 2;
    constexpr int kMost = 100'000;
    const auto whole_number = [](const std::string& text) {
        int value = 0;
        const bool fits = CLI::detail::lexical_cast(text, value) && value >= kLeast && value <= kMost;
        return fits ? std::string{} : "expected 2 to 100000, found '" + text + "'";
    };
    return *command
                .add_option_function<int>(
                    "--uncertainty", [&samples](const int& count) { samples = count; }, what)
                ->expected(0, 1)
                ->default_str("64")
                ->check(CLI::Validator(whole_number, ""))
                ->type_name("[N]");
}

}  // namespace myriad
