#pragma once
// Steps as the simulator has them, each in a process of its own, and their errors.

#include "tests/validation/training/measured_steps.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace myriad::accuracy {

struct StepResult {
    double modelled = 0.0;  // s; 0: it could not be run
    std::string why_not;
    [[nodiscard]] double error(const StepCase& measured) const { return modelled / measured.measured - 1.0; }
};

struct StepRuns {
    std::vector<std::string> overrides;  // of every case, after its own
    int parallel = 1;                    // processes at a time
    bool kernel_cache = false;           // of the user; changes no result
};
[[nodiscard]] std::vector<StepResult> run_steps(const std::vector<StepCase>& cases, const StepRuns& runs);

}  // namespace myriad::accuracy
