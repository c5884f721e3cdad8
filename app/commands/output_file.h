#pragma once
// A file that an option names: `--svg FILE`. What is wrong is told at the option.

#include <string>

namespace myriad {

// Before the run, not after: a file beside others that cannot be written would leave those behind. Empty: no file.
void check_output_file(const std::string& option, const std::string& path);
void write_output_file(const std::string& option, const std::string& path, const std::string& text);

}  // namespace myriad
