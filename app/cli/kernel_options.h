#pragma once
// Options of `myriad kernel`.

#include "app/commands/commands.h"

#include <functional>
#include <iosfwd>

namespace CLI {  // NOLINT(readability-identifier-naming): the name is CLI11's
class App;
}

namespace myriad {

// Adds the command to `app`; when it is the one called, `chosen` becomes what runs it with `arguments`.
void add_kernel(CLI::App& app, KernelArguments& arguments, std::function<int(std::ostream&)>& chosen);

}  // namespace myriad
