// A dragonfly of cards: full meshes joined by global links, one pair of groups after the other.

#include "interconnect/topology/dragonfly_groups.h"
#include "interconnect/topology/wiring_recipes.h"

#include <fmt/format.h>

namespace myriad {

WiringGraph wire_dragonfly(const WiringRequest& request) {
    const WiringConfig& config = request.config;
    const int members = config.group_size;
    if (members < 1 || config.size % members != 0) {
        refuse(request, fmt::format("groups of {} cards do not divide the cards", members));
    }
    if (config.global_links < 0) {
        refuse(request, "expected at least 0 of 'global_links'");
    }
    const int groups = config.size / members;
    const std::int64_t most = std::int64_t{members} * config.global_links + 1;
    if (groups > most) {
        refuse(request, fmt::format("{} groups, but {} cards with {} global links each reach at most {} "
                                    "(group_size x global_links + 1)",
                                    groups, members, config.global_links, most));
    }
    expect_links(request, std::int64_t{config.size} * ((members - 1) / 2 + config.global_links + 1));
    WiringGraph graph{.cards = config.size, .hierarchy = {members, groups}, .dimensions = 2};
    for (int group = 0; group < groups; ++group) {
        for (int a = 0; a < members; ++a) {
            for (int b = a + 1; b < members; ++b) {
                graph.links.push_back(link_between(config, group * members + a, group * members + b));
            }
        }
    }
    for (const GlobalLink& global : dragonfly_links(members, config.global_links, groups)) {
        graph.links.push_back(link_between(config, global.group_a * members + global.member_a,
                                           global.group_b * members + global.member_b));
        graph.links.back().dimension = 1;
        graph.links.back().closes_ring = true;  // two in a row may be shorter than local, global, local
    }
    return graph;
}

}  // namespace myriad
