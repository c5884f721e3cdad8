#pragma once
// Published times of collectives on one server: from the CSV files that the reference folder holds
// (collective_accuracy), or from the YAML cases beside this file, which are some rows of them (tests).

#include "interconnect/network.h"
#include "sim/units/units.h"

#include <string>
#include <vector>

namespace myriad::accuracy {

struct CollectiveCase {
    std::string server;  // "hgx-8-a100"
    std::string source;  // "aiconfigurator", "nccl-tests"
    CollectiveOp op = CollectiveOp::all_reduce;
    int ranks = 0;
    Bytes size;             // as nccl-tests counts it
    double measured = 0.0;  // s
    bool fitted = false;    // of the rows on which the machine's parameters were fitted
};

// Rows of aiconfigurator and of nccl-tests in `folder` for a chip ("a100"). Files that are not there give none.
[[nodiscard]] std::vector<CollectiveCase> read_measured_collectives(const std::string& folder, const std::string& chip);
[[nodiscard]] std::vector<CollectiveCase> read_collective_cases(const std::string& path);

// Fitted: aiconfigurator on 2 and 8 cards at 512 B, 2 KiB, 8 KiB, ... (every second power of two).
[[nodiscard]] bool in_fitted_part(const std::string& source, int ranks, Bytes size);

// "below 64 KiB", "64 KiB to 1 MiB", "1 MiB to 16 MiB", "16 MiB and more", in this order.
inline constexpr int kBands = 4;
[[nodiscard]] int band_of(Bytes size);
[[nodiscard]] const char* band_text(int band);

}  // namespace myriad::accuracy
