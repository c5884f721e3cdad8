// The table of algorithms knows; here it is only asked, and answered at the line of the file.

#include "app/config_files/check_algorithm.h"

#include "interconnect/collective/algorithm_table.h"

namespace myriad {

void check_algorithm(Section& s, const char* key, CollectiveOp op, CollectiveAlgorithm algorithm,
                     const std::vector<int>& hierarchy, bool on_reducing_switch) {
    if (algorithm == CollectiveAlgorithm::automatic ||
        (algorithm != CollectiveAlgorithm::in_network && hierarchy.size() == 1 && can_do(entry_of(algorithm), op))) {
        return;
    }
    const std::string why_not =
        obstacle(op, algorithm, {.hierarchy = hierarchy, .on_reducing_switch = on_reducing_switch});
    if (!why_not.empty()) {
        s.error(key, why_not);
    }
}

}  // namespace myriad
