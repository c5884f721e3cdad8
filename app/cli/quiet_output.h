#pragma once
// -q: a command prints where its result is, and nothing else. Errors go to standard error as ever; there is no progress.

#include <iosfwd>
#include <sstream>

namespace myriad {

inline constexpr const char* kQuietHelp = "Print nothing but the folder of the result, and errors";

class QuietOutput {
public:
    explicit QuietOutput(std::ostream& out);
    ~QuietOutput();  // prints the lines "result: FOLDER/" of what was written
    QuietOutput(const QuietOutput&) = delete;
    QuietOutput& operator=(const QuietOutput&) = delete;

    [[nodiscard]] std::ostream& stream() { return all_; }

private:
    std::ostream& out_;
    std::ostringstream all_;
};

}  // namespace myriad
