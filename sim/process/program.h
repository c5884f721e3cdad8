#pragma once
// Another program, found along PATH, run to its end: `sbatch`, `squeue`.

#include <string>
#include <vector>

namespace myriad {

struct ProgramResult {
    bool found = true;  // false: there is no such program
    int status = 0;     // of its exit; 128 + signal when a signal ended it
    std::string out;
    std::string err;
    [[nodiscard]] bool good() const { return found && status == 0; }
};

// `words` are the program and its arguments; no shell takes part. Its standard input is empty. An interrupt from the
// terminal does not reach it: what was begun, a submission, ends in a known state.
[[nodiscard]] ProgramResult run_program(const std::vector<std::string>& words);

}  // namespace myriad
