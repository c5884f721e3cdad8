#pragma once
// Which classes of links the members of parallel groups talk over, read off the routes of the topology.

#include "interconnect/routing/routes.h"
#include "interconnect/topology/topology.h"
#include "workloads/training/explanation.h"

#include <vector>

namespace myriad {

// Cards that communicate with each other. GroupKind::none: the stages of one pipeline, in their order.
struct CardGroup {
    GroupKind kind = GroupKind::none;
    std::vector<CardId> cards;
};

[[nodiscard]] LinkTier tier_of(const Topology& topology, const Edge& edge);

// Each card sends the same amount to the next of its group, in a ring, in expert groups to all others, in pipelines to
// both neighbours. Slowest is the class of the link that has most to carry for its bandwidth, all groups of the kind
// together. Of a kind with very many pairs the first ones stand for all.
[[nodiscard]] LinksOfGroups links_of_groups(const Topology& topology, Router& router,
                                            const std::vector<CardGroup>& groups);

}  // namespace myriad
