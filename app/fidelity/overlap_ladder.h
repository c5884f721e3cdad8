#pragma once
// An overlap workload at several levels of the card: each part alone and with the others at once, and what the runs report
// about where the cheaper levels are off. The last level is the judge: live, or the finest that the scenario allows.

#include "app/fidelity/ladder.h"

#include <string>
#include <vector>

namespace myriad {

// What figures say about one row at one level that is off.
struct OverlapFinding {
    std::size_t row = 0;
    std::size_t level = 0;
    std::vector<std::string> causes;  // with their figures; never empty
};

struct OverlapLadder {
    std::string title;
    std::string cluster;
    std::vector<std::string> levels;
    std::vector<std::string> left_out;  // "live: the kernel of card level live is direct, not ring"
    std::vector<LadderRow> rows;        // "all_reduce, alone", "all_reduce, together"
    std::vector<OverlapFinding> findings;

    // Of a level over the judge.
    [[nodiscard]] double ratio(std::size_t row, std::size_t level) const;
};

// From results in the form of result.json, the judge's last.
[[nodiscard]] OverlapLadder overlap_ladder_of(const std::vector<std::string>& names,
                                              const std::vector<std::string>& results,
                                              std::vector<std::string> left_out);

[[nodiscard]] std::string overlap_ladder_text(const OverlapLadder& ladder);
[[nodiscard]] std::string overlap_ladder_json(const OverlapLadder& ladder);

}  // namespace myriad
