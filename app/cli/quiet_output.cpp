// One rule for all commands, whatever they print: lines that name the folder of a result pass.

#include "app/cli/quiet_output.h"

#include "sim/progress/silence.h"

#include <ostream>
#include <string>

namespace myriad {

QuietOutput::QuietOutput(std::ostream& out) : out_(out) { silence_progress(); }

QuietOutput::~QuietOutput() {
    std::istringstream lines(all_.str());
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("result: ")) {
            out_ << line << "\n";
        }
    }
}

}  // namespace myriad
