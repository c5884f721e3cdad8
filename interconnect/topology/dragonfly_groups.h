#pragma once
// Which members of which groups of a dragonfly a global link joins; the same rule for cards and for switches.

#include <cstdint>
#include <vector>

namespace myriad {

struct GlobalLink {
    int group_a = 0;
    int member_a = 0;
    int group_b = 0;
    int member_b = 0;
};

// `groups` groups of `members`, each member with up to `links` global links: a group has members * links ends, which go
// to the other groups in turn (Kim et al., ISCA 2008, "palm tree": link k of group g leads to group g + k + 1, where
// it is link groups - 2 - k of a round), so that every pair of groups has floor(ends / (groups - 1)) links; ends
// that do not make another full round stay dark. Needs groups - 1 <= members * links.
[[nodiscard]] std::vector<GlobalLink> dragonfly_links(int members, int links, int groups);

}  // namespace myriad
