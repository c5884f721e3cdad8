#pragma once
// Collectives in the columns of nccl-tests, so that its users and its parsers can read them. Lines that begin with '#'
// are comments. Every rank holds the same simulated time, so there is no in-place half, and data is not moved, so
// #wrong is N/A.

#include "app/run/report.h"

#include <string>
#include <vector>

namespace myriad {

// Further columns, to the right of those of nccl-tests.
struct NcclTableOptions {
    bool lower_bound = false;  // the time's lower bound, in percent of the time
    std::string algorithm;     // of all rows; empty: that of each row with its protocol, if one is known
};

[[nodiscard]] std::string nccl_table(const std::vector<CollectiveRow>& rows, const NcclTableOptions& options = {});
// With the lower bound and, where the report knows it, the algorithm.
[[nodiscard]] std::string nccl_table(const RunReport& report);

}  // namespace myriad
