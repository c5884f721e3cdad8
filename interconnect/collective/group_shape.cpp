// A pair of cards counts as joined when one link, or one ICN switch that is taken to be non-blocking, lies between
// them. Only the first group of each dimension is looked at: servers of a cluster are alike.

#include "interconnect/collective/group_shape.h"

#include "interconnect/collective/helpers.h"
#include "interconnect/collective/rings.h"
#include "sim/error/error.h"

#include <algorithm>
#include <bit>

#include <fmt/core.h>

namespace myriad {

namespace {

// Beyond this size a step to all others at once is more messages than it saves steps.
constexpr int kDirectMax = 64;

NodeId neighbour(const Topology& topology, NodeId node, EdgeId edge_id) {
    const Edge& edge = topology.edges[index(edge_id)];
    return edge.a == node ? edge.b : edge.a;
}

bool joined(const Topology& topology, NodeId from, NodeId to) {
    for (const EdgeId edge : topology.nodes[index(from)].ports) {
        if (topology.edges[index(edge)].down) {
            continue;
        }
        const NodeId next = neighbour(topology, from, edge);
        if (next == to) {
            return true;
        }
        if (topology.nodes[index(next)].kind == NodeKind::icn_switch) {
            for (const EdgeId second : topology.nodes[index(next)].ports) {
                if (neighbour(topology, next, second) == to && !topology.edges[index(second)].down) {
                    return true;
                }
            }
        }
    }
    return false;
}

CollectiveAlgorithm fitting(const Topology& topology, const std::vector<CardId>& cards, int size, int stride) {
    const auto node = [&](int coordinate) {
        return topology.cards[index(cards[static_cast<std::size_t>(coordinate * stride)])];
    };
    bool all = size <= kDirectMax;
    bool cycle = true;
    for (int a = 0; a < size && (all || cycle); ++a) {
        cycle = cycle && joined(topology, node(a), node((a + 1) % size));
        for (int b = 0; b < a && all; ++b) {
            all = joined(topology, node(a), node(b));
        }
    }
    if (all) {
        return CollectiveAlgorithm::direct;
    }
    const bool power_of_two = std::has_single_bit(static_cast<unsigned>(size));
    return cycle || !power_of_two ? CollectiveAlgorithm::ring : CollectiveAlgorithm::halving_doubling;
}

// Cards of each server that the group touches, when these follow one another in rank order and are equally many; else
// 0.
int cards_per_server_of(const Topology& topology, const std::vector<CardId>& cards) {
    const auto server = [&](std::size_t rank) {
        return topology.nodes[index(topology.cards[index(cards[rank])])].server;
    };
    std::size_t run = 1;
    while (run < cards.size() && server(run) == server(0)) {
        ++run;
    }
    if (cards.size() % run != 0) {
        return 0;
    }
    std::vector<std::int32_t> servers;
    for (std::size_t rank = 0; rank < cards.size(); ++rank) {
        if (rank % run == 0) {
            servers.push_back(server(rank));
        } else if (server(rank) != servers.back()) {
            return 0;
        }
    }
    std::sort(servers.begin(), servers.end());
    const bool distinct = std::adjacent_find(servers.begin(), servers.end()) == servers.end();
    return distinct ? static_cast<int>(run) : 0;
}

// The server's own dimensions hold only when the group has its cards in the server's order.
bool in_server_order(const Topology& topology, const std::vector<CardId>& cards, int inside) {
    if (inside != topology.cards_per_server) {
        return false;
    }
    for (std::size_t rank = 0; rank < cards.size(); ++rank) {
        if (index(cards[rank]) % static_cast<std::uint32_t>(inside) != rank % static_cast<std::size_t>(inside)) {
            return false;
        }
    }
    return true;
}

std::vector<int> found_hierarchy(const Topology& topology, const std::vector<CardId>& cards) {
    const int ranks = static_cast<int>(cards.size());
    const int inside = cards_per_server_of(topology, cards);
    if (inside == 0) {
        return {ranks};
    }
    std::vector<int> sizes{inside};
    if (in_server_order(topology, cards, inside) && !topology.server_hierarchy.empty()) {
        sizes = topology.server_hierarchy;
    }
    sizes.push_back(ranks / inside);
    std::erase(sizes, 1);
    return sizes.empty() ? std::vector<int>{1} : sizes;
}

}  // namespace

GroupShape shape_of_group(const Topology& topology, const std::vector<CardId>& cards,
                          const std::vector<int>& wanted_hierarchy) {
    MYRIAD_CHECK(!cards.empty(), "a group has at least one card");
    GroupShape shape;
    shape.hierarchy = wanted_hierarchy.empty() ? found_hierarchy(topology, cards) : wanted_hierarchy;
    std::int64_t product = 1;
    for (const int size : shape.hierarchy) {
        product *= std::max(size, 0);
        if (product < 1 || product > static_cast<std::int64_t>(cards.size())) {
            break;
        }
    }
    if (product != static_cast<std::int64_t>(cards.size())) {
        throw UserError(fmt::format("hierarchy {} does not make up the group of {} ranks",
                                    hierarchy_text(shape.hierarchy), cards.size()));
    }
    shape.on_reducing_switch = reducer_of(topology, cards).has_value();
    int stride = 1;
    for (const int size : shape.hierarchy) {
        shape.per_dimension.push_back(fitting(topology, cards, size, stride));
        stride *= size;
    }
    return shape;
}

GroupShape shape_of_group(const Topology& topology, const CommunicatorSpec& spec) {
    GroupShape shape = shape_of_group(topology, spec.cards, spec.hierarchy);
    shape.block_weights = spec.block_weights;
    shape.schedule = spec.schedule;
    if (spec.algorithm == CollectiveAlgorithm::multi_ring) {
        shape.rings = edge_disjoint_rings(topology, spec.cards);
    }
    return shape;
}

}  // namespace myriad
