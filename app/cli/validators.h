#pragma once
// Checks of values on the command line with messages like those of files. For files of app/cli alone.

#include <functional>
#include <string>

namespace myriad {

// For CLI::Option::check: what is wrong with the text, or nothing.
[[nodiscard]] std::function<std::string(const std::string&)> whole_number(int least, int most);

}  // namespace myriad
