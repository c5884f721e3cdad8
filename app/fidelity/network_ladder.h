#pragma once
// A scenario without kernels at every level of the network, side by side: `myriad fidelity` of collectives, traffic and
// iterations.

#include "sim/units/units.h"

#include <string>
#include <vector>

namespace myriad {

struct NetworkLadder {
    struct Row {
        std::string name;                // "all_reduce of 1 GiB", "last flow"
        std::vector<Picoseconds> times;  // by level
    };
    std::string title;
    std::string cluster;
    std::vector<std::string> levels;  // the first is what the others are compared with
    std::vector<Row> rows;
};

// From results in the form of result.json, one a level.
[[nodiscard]] NetworkLadder network_ladder_of(const std::vector<std::string>& levels,
                                              const std::vector<std::string>& results);
[[nodiscard]] std::string network_ladder_text(const NetworkLadder& ladder);
[[nodiscard]] std::string network_ladder_json(const NetworkLadder& ladder);

}  // namespace myriad
