// Bisection bandwidth: the greatest flow from cards 0..n/2-1 to cards n/2..n-1, all cards of a half as one node. It is
// the least cut that keeps the halves apart and so a ceiling for what any traffic between them can get; halves by
// number are how ranks are usually placed, other halves may do worse. Inside a single server only ICN counts, because
// messages between its cards take no other way where ICN exists.
// Too large a graph gets the least of a few cuts instead, each of which is an upper bound.

#include "interconnect/topology/analysis.h"
#include "interconnect/topology/max_flow.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace myriad {
namespace {

bool carries_icn(NodeKind kind) { return kind == NodeKind::card || kind == NodeKind::icn_switch; }

// 1 for nodes of the first half, 2 for the second, 0 for nodes that are not cards.
std::vector<std::uint8_t> halves(const Topology& topology) {
    std::vector<std::uint8_t> side(topology.nodes.size(), 0);
    for (std::size_t card = 0; card < topology.cards.size(); ++card) {
        side[index(topology.cards[card])] = card < topology.cards.size() / 2 ? 1 : 2;
    }
    return side;
}

bool icn_alone(const Topology& topology) {
    if (topology.servers != 1) {
        return false;
    }
    return std::any_of(topology.edges.begin(), topology.edges.end(), [&](const Edge& edge) {
        return carries_icn(topology.nodes[index(edge.a)].kind) && carries_icn(topology.nodes[index(edge.b)].kind);
    });
}

std::int64_t cut(const Topology& topology, const std::vector<bool>& inside) {
    std::int64_t sum = 0;
    for (const Edge& edge : topology.edges) {
        if (inside[index(edge.a)] != inside[index(edge.b)] && !edge.down) {
            sum += topology.link_classes[edge.link_class].bandwidth.count();
        }
    }
    return sum;
}

// Cuts around the first half: its cards alone, then with every node of the next tier that has more of its lower
// neighbours inside than outside, tier after tier, and the same with all of the highest tiers outside.
Figure<BytesPerSecond> least_known_cut(const Topology& topology) {
    std::vector<bool> inside(topology.nodes.size(), false);
    const std::vector<std::uint8_t> side = halves(topology);
    std::int32_t top = 0;
    for (std::size_t n = 0; n < topology.nodes.size(); ++n) {
        inside[n] = side[n] == 1;
        top = std::max(top, topology.nodes[n].tier);
    }
    std::int64_t least = cut(topology, inside);
    // PCIe switches and NICs are both of tier 1: a tier is grown until nothing more joins.
    for (std::int32_t tier = 1; tier <= top; ++tier) {
        for (bool grown = true; grown;) {
            grown = false;
            for (std::uint32_t n = 0; n < topology.nodes.size(); ++n) {
                const Node& node = topology.nodes[n];
                if (node.tier != tier || inside[n] || side[n] != 0) {
                    continue;
                }
                std::int64_t in = 0;
                std::int64_t out = 0;
                for (std::size_t port = 0; port < node.ports.size(); ++port) {
                    const Step step = step_over(topology, NodeId{n}, static_cast<std::uint16_t>(port));
                    const Node& neighbour = topology.nodes[index(step.to)];
                    if (neighbour.tier < tier || (neighbour.tier == tier && inside[index(step.to)])) {
                        (inside[index(step.to)] ? in : out) += class_of(topology, step.way.edge).bandwidth.count();
                    }
                }
                if (in > out) {
                    inside[n] = true;
                    grown = true;
                }
            }
            least = std::min(least, cut(topology, inside));
        }
    }
    return {BytesPerSecond{least}, Certainty::upper_bound, "least of the cuts around the first half, tier by tier"};
}

// Greatest flow between the nodes of side 1 and those of side 2.
BytesPerSecond flow_between(const Topology& topology, const std::vector<std::uint8_t>& side, bool icn_only) {
    // Node 0 is the first half, node 1 the second, other nodes follow.
    std::vector<std::uint32_t> number(topology.nodes.size());
    std::uint32_t next = 2;
    for (std::size_t n = 0; n < topology.nodes.size(); ++n) {
        number[n] = side[n] != 0 ? side[n] - 1u : next++;
    }
    MaxFlow flow(next);
    for (const Edge& edge : topology.edges) {
        const bool icn =
            carries_icn(topology.nodes[index(edge.a)].kind) && carries_icn(topology.nodes[index(edge.b)].kind);
        if ((icn || !icn_only) && !edge.down) {
            flow.add_link(number[index(edge.a)], number[index(edge.b)],
                          topology.link_classes[edge.link_class].bandwidth.count());
        }
    }
    return BytesPerSecond{flow.solve(0, 1)};
}

}  // namespace

Figure<BytesPerSecond> bisection_bandwidth(const Topology& topology, const AnalysisLimits& limits) {
    const std::string what = "first half of the cards by number to the second";
    if (topology.cards.size() < 2) {
        return {BytesPerSecond{0}, Certainty::exact, "a single card"};
    }
    if (static_cast<std::int64_t>(topology.edges.size()) > limits.max_flow_edges) {
        return least_known_cut(topology);
    }
    const bool icn_only = icn_alone(topology);
    return {flow_between(topology, halves(topology), icn_only), Certainty::exact,
            what + (icn_only ? ", over ICN" : "")};
}

std::optional<Figure<BytesPerSecond>> least_grid_bisection(const Topology& topology, const AnalysisLimits& limits) {
    const std::vector<int>& sizes = topology.server_hierarchy;
    if (!icn_alone(topology) || sizes.size() < 2 ||
        static_cast<std::int64_t>(topology.edges.size()) > limits.max_flow_edges) {
        return std::nullopt;
    }
    std::optional<BytesPerSecond> least;
    std::size_t least_dimension = 0;
    std::size_t stride = 1;
    for (std::size_t d = 0; d < sizes.size(); ++d) {
        const auto size = static_cast<std::size_t>(sizes[d]);
        if (size % 2 == 0) {
            std::vector<std::uint8_t> side(topology.nodes.size(), 0);
            for (std::size_t card = 0; card < topology.cards.size(); ++card) {
                side[index(topology.cards[card])] = card / stride % size < size / 2 ? 1 : 2;
            }
            const BytesPerSecond flow = flow_between(topology, side, true);
            if (!least || flow < *least) {
                least = flow;
                least_dimension = d;
            }
        }
        stride *= size;
    }
    if (!least) {
        return std::nullopt;
    }
    return Figure<BytesPerSecond>{*least, Certainty::exact,
                                  fmt::format("halves along each even dimension; least along dimension {} of size {}",
                                              least_dimension, sizes[least_dimension])};
}

}  // namespace myriad
