#pragma once
// Published kernel times as cases: a kernel, its measured time, and the family under which its error is reported.

#include "models/card.h"

#include <string>
#include <vector>

namespace myriad::accuracy {

struct Row {
    std::string family;  // "gemm bf16", "attention prefill", "decode", "norm"
    std::string name;    // shape in words
    std::vector<Kernel> kernels;  // one after the other
    double measured = 0.0;     // s
    bool kernel_only = false;  // measured by a profiler: no launch in it
    bool fitted = false;       // belongs to the half on which parameters were fitted
};

// Rows of the CSV files of `folder` that were measured on `chip` ("a100", "h100"). Files that are not there give none.
[[nodiscard]] std::vector<Row> read_measured(const std::string& folder, const std::string& chip);

}  // namespace myriad::accuracy
