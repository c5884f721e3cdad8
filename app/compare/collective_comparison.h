#pragma once
// Several collectives side by side: every operation on every cluster by every algorithm, over the same sizes. Each runs
// in a child process of its own; one that cannot run (8 ranks do not make 12) is told and harms no other.

#include "app/run/report.h"
#include "sim/process/children.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace myriad {

// One line of the picture.
struct CollectiveSeries {
    std::string operation;
    std::string cluster;
    std::string wanted;  // the algorithm asked for: "automatic"
    std::vector<CollectiveRow> rows;
    ChildOutcome outcome = ChildOutcome::cancelled;
    std::string reason;  // why there are no rows

    [[nodiscard]] bool ran() const { return outcome == ChildOutcome::succeeded; }
};

struct CollectiveComparison {
    std::string network;  // level
    std::vector<CollectiveSeries> series;
};

// Fills rows or reason of each of `series`; `rows_of(i)` runs in a child. `jobs` children at a time, 0: one a core.
void run_series(std::vector<CollectiveSeries>& series,
                const std::function<std::vector<CollectiveRow>(std::size_t)>& rows_of, int jobs, bool progress);

// Tables, one an operation: sizes down, of each size the clusters and algorithms, the fastest marked.
[[nodiscard]] std::string comparison_text(const CollectiveComparison& comparison);
[[nodiscard]] std::string comparison_csv(const CollectiveComparison& comparison);
[[nodiscard]] std::string comparison_json(const CollectiveComparison& comparison);
// Bus bandwidth over size, a panel an operation, a line a cluster and algorithm. Empty when nothing can be drawn.
[[nodiscard]] std::string comparison_svg(const CollectiveComparison& comparison);

// What tells a series from the others: "ppu-16, ring", or only the part that varies.
[[nodiscard]] std::string series_name(const CollectiveComparison& comparison, const CollectiveSeries& series);

}  // namespace myriad
