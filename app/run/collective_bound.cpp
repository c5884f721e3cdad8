// Lower bounds by counting bytes over cuts: around one card, and around one server.

#include "app/run/collective_bound.h"

#include "interconnect/collective/helpers.h"
#include "interconnect/collective/uneven_exchange.h"

#include <algorithm>
#include <map>

namespace myriad {

namespace {

// `added`: by a switch, from which a rank needs its result once.
double bytes_per_rank(CollectiveOp op, double size, double ranks, bool added) {
    const double others = (ranks - 1) / ranks;
    switch (op) {
        case CollectiveOp::all_reduce:
            return added ? size : 2 * size * others;
        case CollectiveOp::all_gather:
        case CollectiveOp::reduce_scatter:
        case CollectiveOp::all_to_all:
        case CollectiveOp::gather:   // the root receives
        case CollectiveOp::scatter:  // and sends this much
            return size * others;
        case CollectiveOp::all_to_allv:
            return 0.0;  // uneven_bytes_of_ranks() counts
        case CollectiveOp::broadcast:
        case CollectiveOp::reduce:
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
        case CollectiveOp::gather:
        case CollectiveOp::scatter:
            return size * std::min(inside, ranks - inside) / ranks;  // to or from the root, wherever that is
        case CollectiveOp::all_to_allv:
            return 0.0;
        case CollectiveOp::broadcast:
        case CollectiveOp::reduce:
            return servers > 1 ? size : 0.0;
    }
    return 0.0;
}

// The larger of what each rank of an all_to_allv sends to and receives from others.
std::vector<double> uneven_bytes_of_ranks(const std::vector<std::int64_t>& weights, std::size_t ranks, Bytes size) {
    const std::vector<std::int64_t> bytes = block_bytes(weights, static_cast<int>(ranks), size);
    std::vector<double> out(ranks, 0.0);
    std::vector<double> in(ranks, 0.0);
    for (std::size_t source = 0; source < ranks; ++source) {
        for (std::size_t destination = 0; destination < ranks; ++destination) {
            const auto count = static_cast<double>(bytes[source * ranks + destination]);
            out[source] += source != destination ? count : 0.0;
            in[destination] += source != destination ? count : 0.0;
        }
    }
    std::transform(out.begin(), out.end(), in.begin(), out.begin(), [](double a, double b) { return std::max(a, b); });
    return out;
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
                                   Bytes size, const std::vector<std::int64_t>& block_weights) {
    if (cards.size() < 2) {
        return Picoseconds{0};
    }
    const auto bytes = static_cast<double>(size.count());
    const auto ranks = static_cast<double>(cards.size());
    double bound_s = 0.0;
    Picoseconds latency = Picoseconds::max();
    std::map<std::int32_t, double> ranks_inside;
    std::vector<double> of_ranks(cards.size(),
                                 bytes_per_rank(op, bytes, ranks, reducer_of(topology, cards).has_value()));
    if (op == CollectiveOp::all_to_allv && !block_weights.empty()) {
        of_ranks = uneven_bytes_of_ranks(block_weights, cards.size(), size);
    }
    for (std::size_t rank = 0; rank < cards.size(); ++rank) {
        const CardId card = cards[rank];
        const auto bandwidth = static_cast<double>(injection_bandwidth(topology, card).count());
        bound_s = std::max(bound_s, of_ranks[rank] / bandwidth);
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
