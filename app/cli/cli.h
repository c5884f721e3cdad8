#pragma once
// The command line: which commands and options there are, their help, and the exit status.

#include <iosfwd>

namespace myriad {

// Exit status: 0 good, 1 the system let us down (out of memory, a bug that threw), 2 the user's input, 3 a law of the
// simulation is broken.
int run_command_line(int argc, char** argv, std::ostream& out, std::ostream& err);

}  // namespace myriad
