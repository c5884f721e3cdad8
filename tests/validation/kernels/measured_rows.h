#pragma once
// Published kernel times as cases: kernels, their measured time, and the family under which the error is reported. From
// the CSV files that the reference folder holds (kernel_accuracy), or from the YAML cases beside this file, which are
// some rows of them (tests).

#include "models/card.h"

#include <string>
#include <vector>

namespace myriad::accuracy {

struct Row {
    std::string chip;
    std::string family;           // "gemm bf16", "prefill", "decode", "norm"
    std::string name;             // extents in words
    std::vector<Kernel> kernels;  // one after the other
    double measured = 0.0;        // s
    double harness = 0.0;         // s that the way of measuring adds to every row of its source
    bool kernel_only = false;     // by a profiler: no launch in it
    bool fitted = false;          // belongs to the half on which parameters were fitted

    // From here on shapes are large enough for the goal of their family.
    [[nodiscard]] bool large() const;
};

// Extents of a row by name, as the columns of its source or the keys of its case.
struct Extents {
    std::vector<std::pair<std::string, std::int64_t>> values;
    [[nodiscard]] std::int64_t operator[](std::string_view name) const;
    [[nodiscard]] std::string text() const;
};

// A row of a family from its extents; `microseconds` as measured.
[[nodiscard]] Row make_row(const std::string& chip, const std::string& family, const Extents& extents,
                           double microseconds, bool fitted);

// Rows of the CSV files of `folder` that were measured on `chip` ("a100", "h100"). Files that are not there give none.
[[nodiscard]] std::vector<Row> read_measured(const std::string& folder, const std::string& chip);
// The cases of a YAML file.
[[nodiscard]] std::vector<Row> read_cases(const std::string& path);

// Which half: the parity of a fixed hash of the row's extents, so that it does not depend on the order of a file.
[[nodiscard]] bool in_fitted_half(const std::string& family, const Extents& extents);

}  // namespace myriad::accuracy
