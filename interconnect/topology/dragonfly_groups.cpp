// Palm-tree order: round by round, link k of group g leads to group g + k + 1, as long as rounds are full.

#include "interconnect/topology/dragonfly_groups.h"

namespace myriad {

std::vector<GlobalLink> dragonfly_links(int members, int links, int groups) {
    std::vector<GlobalLink> result;
    if (groups < 2) {
        return result;
    }
    const int others = groups - 1;
    const int rounds = members * links / others;
    for (int round = 0; round < rounds; ++round) {
        for (int group = 0; group < groups; ++group) {
            for (int k = 0; k < others; ++k) {
                const int target = (group + k + 1) % groups;
                if (target < group) {
                    continue;  // listed by the other group
                }
                // Seen from the target the way leads groups - 1 - k places on, which is its link groups - 2 - k.
                const int here = round * others + k;
                const int there = round * others + others - 1 - k;
                // Ends are dealt over the members one by one.
                result.push_back({group, here % members, target, there % members});
            }
        }
    }
    return result;
}

}  // namespace myriad
