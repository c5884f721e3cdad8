// Lower bounds by counting bytes over cuts: around one card, and around one server.

#include "app/run/collective_bound.h"

#include <algorithm>
#include <map>

namespace myriad {

namespace {

double bytes_per_rank(CollectiveOp op, double size, double ranks) {
    const double others = (ranks - 1) / ranks;
    switch (op) {
        case CollectiveOp::all_reduce:
            return 2 * size * others;
        case CollectiveOp::all_gather:
        case CollectiveOp::reduce_scatter:
        case CollectiveOp::all_to_all:
            return size * others;
        case CollectiveOp::broadcast:
            return ranks > 1 ? size : 0.0;
    }
    return 0.0;
}

// Bytes that a server with `inside` of `ranks` ranks must at least send or receive.
double bytes_per_server(CollectiveOp op, double size, double inside, double ranks, double servers) {
    const double outside = (ranks - inside) / ranks;
    switch (op) {
        case CollectiveOp::all_reduce:
            return 2 * size * (servers - 1) / servers;
        case CollectiveOp::all_gather:
        case CollectiveOp::reduce_scatter:
            return size * outside;
        case CollectiveOp::all_to_all:
            return size * inside * outside;
        case CollectiveOp::broadcast:
            return servers > 1 ? size : 0.0;
    }
    return 0.0;
}

// Bandwidth out of every server over links that leave it.
std::map<std::int32_t, double> egress_of_servers(const Topology& topology) {
    std::map<std::int32_t, double> egress;
    for (const Edge& edge : topology.edges) {
        const std::int32_t a = topology.nodes[index(edge.a)].server;
        const std::int32_t b = topology.nodes[index(edge.b)].server;
        if (a == b || edge.down) {
            continue;
        }
        const auto bandwidth = static_cast<double>(topology.link_classes[edge.link_class].bandwidth.count());
        for (const std::int32_t server : {a, b}) {
            if (server != kNoServer) {
                egress[server] += bandwidth;
            }
        }
    }
    return egress;
}

}  // namespace

BytesPerSecond injection_bandwidth(const Topology& topology, CardId card) {
    BytesPerSecond sum{0};
    for (const EdgeId edge : topology.nodes[index(topology.cards[index(card)])].ports) {
        sum += topology.edges[index(edge)].down ? BytesPerSecond{0} : class_of(topology, edge).bandwidth;
    }
    return sum;
}

Picoseconds shortest_latency(const Topology& topology, CardId card) {
    const NodeId node = topology.cards[index(card)];
    Picoseconds shortest = Picoseconds::max();
    for (const EdgeId edge : topology.nodes[index(node)].ports) {
        const bool at_a = topology.edges[index(edge)].a == node;
        shortest = std::min(shortest, class_of(topology, edge).latency[at_a ? 0 : 1]);
    }
    return shortest == Picoseconds::max() ? Picoseconds{0} : shortest;
}

Picoseconds collective_lower_bound(const Topology& topology, const std::vector<CardId>& cards, CollectiveOp op,
                                   Bytes size) {
    if (cards.size() < 2) {
        return Picoseconds{0};
    }
    const auto bytes = static_cast<double>(size.count());
    const auto ranks = static_cast<double>(cards.size());
    double bound_s = 0.0;
    Picoseconds latency = Picoseconds::max();
    std::map<std::int32_t, double> ranks_inside;
    for (const CardId card : cards) {
        const auto bandwidth = static_cast<double>(injection_bandwidth(topology, card).count());
        bound_s = std::max(bound_s, bytes_per_rank(op, bytes, ranks) / bandwidth);
        latency = std::min(latency, shortest_latency(topology, card));
        ranks_inside[topology.nodes[index(topology.cards[index(card)])].server] += 1.0;
    }
    if (ranks_inside.size() > 1) {
        const auto egress = egress_of_servers(topology);
        for (const auto& [server, inside] : ranks_inside) {
            const auto found = egress.find(server);
            if (found != egress.end()) {
                const double needed =
                    bytes_per_server(op, bytes, inside, ranks, static_cast<double>(ranks_inside.size()));
                bound_s = std::max(bound_s, needed / found->second);
            }
        }
    }
    return Picoseconds{static_cast<std::int64_t>(bound_s * 1e12)} + latency;
}

}  // namespace myriad
