#pragma once
// Rows of the cases, run and held to bounds.

#include "tests/validation/training/modelled_steps.h"
#include "tests/validation/training/step_errors.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace myriad::accuracy {

// A kernel cache of this process's own: rows of a table share many kernels, and each runs in a child.
class ScratchKernelCache {
public:
    ScratchKernelCache() {
        std::string name = (std::filesystem::temp_directory_path() / "myriad_steps_XXXXXX").string();
        folder_ = ::mkdtemp(name.data()) == nullptr ? "" : name;
        ::setenv("XDG_CACHE_HOME", folder_.c_str(), 1);
    }
    ~ScratchKernelCache() { std::filesystem::remove_all(folder_); }
    ScratchKernelCache(const ScratchKernelCache&) = delete;
    ScratchKernelCache& operator=(const ScratchKernelCache&) = delete;
    [[nodiscard]] bool made() const { return !folder_.empty(); }

private:
    std::string folder_;
};

struct StepBounds {
    double mean_absolute;
    double greatest;
};

inline void hold_table(const std::string& table, std::size_t rows, const StepBounds& bounds,
                       const std::function<bool(const StepCase&)>& wanted) {
    std::vector<StepCase> cases =
        read_step_cases(std::string(MYRIAD_SOURCE_FOLDER) + "/tests/validation/training/cases/" + table + ".yaml");
    std::erase_if(cases, [&](const StepCase& row) { return !wanted(row); });
    REQUIRE(cases.size() == rows);
    const ScratchKernelCache cache;
    REQUIRE(cache.made());
    StepRuns runs;
    runs.kernel_cache = true;
    const std::vector<StepResult> results = run_steps(cases, runs);
    std::vector<double> errors;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        CAPTURE(cases[i].name, cases[i].measured, results[i].modelled, results[i].why_not);
        REQUIRE(results[i].why_not.empty());
        errors.push_back(results[i].error(cases[i]));
        CHECK(std::abs(errors.back()) <= bounds.greatest);
    }
    const StepErrors summary = sum_up_step_errors(errors);
    CAPTURE(table, summary.rows, summary.mean_absolute, summary.bias, summary.lowest, summary.highest);
    CHECK(summary.mean_absolute <= bounds.mean_absolute);
}

}  // namespace myriad::accuracy
