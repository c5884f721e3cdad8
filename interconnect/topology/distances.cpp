// Distances and numbers of shortest paths by breadth-first search from each card, or from evenly spaced cards where all
// would take too long. Counting paths adds up the counts of all predecessors one hop nearer.

#include "interconnect/topology/analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace myriad {
namespace {

constexpr std::uint32_t kFar = std::numeric_limits<std::uint32_t>::max();

bool carries_icn(NodeKind kind) { return kind == NodeKind::card || kind == NodeKind::icn_switch; }

// The graph as arrays, so that thousands of searches do not chase pointers.
struct Adjacency {
    explicit Adjacency(const Topology& topology) : first(topology.nodes.size() + 1, 0) {
        for (std::uint32_t n = 0; n < topology.nodes.size(); ++n) {
            const Node& node = topology.nodes[n];
            kinds.push_back(node.kind);
            servers.push_back(node.server);
            for (std::size_t port = 0; port < node.ports.size(); ++port) {
                const Step step = step_over(topology, NodeId{n}, static_cast<std::uint16_t>(port));
                if (!topology.edges[index(step.way.edge)].down) {
                    to.push_back(index(step.to));
                }
            }
            first[n + 1] = static_cast<std::uint32_t>(to.size());
        }
    }
    std::vector<std::uint32_t> first;
    std::vector<std::uint32_t> to;
    std::vector<NodeKind> kinds;
    std::vector<std::int32_t> servers;
};

// One search and its results, kept between searches: only nodes that the last search touched are cleared.
class Search {
public:
    explicit Search(const Adjacency& graph)
        : graph_(graph), distance_(graph.kinds.size(), kFar), paths_(graph.kinds.size(), 0) {}

    // `enters(from, to)` says whether the search may go from a node to its neighbour.
    template <class Enters>
    void run(std::uint32_t source, Enters enters) {
        for (const std::uint32_t node : queue_) {
            distance_[node] = kFar;
            paths_[node] = 0;
        }
        queue_.assign(1, source);
        distance_[source] = 0;
        paths_[source] = 1;
        for (std::size_t head = 0; head < queue_.size(); ++head) {
            const std::uint32_t node = queue_[head];
            for (std::uint32_t i = graph_.first[node]; i < graph_.first[node + 1]; ++i) {
                const std::uint32_t next = graph_.to[i];
                if (!enters(node, next)) {
                    continue;
                }
                if (distance_[next] == kFar) {
                    distance_[next] = distance_[node] + 1;
                    queue_.push_back(next);
                }
                if (distance_[next] == distance_[node] + 1) {
                    paths_[next] += paths_[node];
                }
            }
        }
    }
    [[nodiscard]] std::uint32_t distance(std::uint32_t node) const { return distance_[node]; }
    [[nodiscard]] double paths(std::uint32_t node) const { return paths_[node]; }

private:
    const Adjacency& graph_;
    std::vector<std::uint32_t> distance_;
    std::vector<double> paths_;  // a double: a large product has more shortest paths than 64 bits count
    std::vector<std::uint32_t> queue_;
};

struct Totals {
    std::int64_t pairs = 0;
    std::int64_t hops = 0;
    std::int64_t longest = 0;
    std::int64_t unreachable = 0;
    double paths = 0;
    double paths_min = std::numeric_limits<double>::infinity();
    double paths_max = 0;

    void add(std::uint32_t distance, double count) {
        ++pairs;
        hops += distance;
        longest = std::max<std::int64_t>(longest, distance);
        paths += count;
        paths_min = std::min(paths_min, count);
        paths_max = std::max(paths_max, count);
    }
};

void add_source(const Topology& topology, const Adjacency& graph, NodeId source, Search& inside, Search& outside,
                Totals& totals) {
    const std::uint32_t from = index(source);
    inside.run(from, [&](std::uint32_t, std::uint32_t next) {
        return carries_icn(graph.kinds[next]) && graph.servers[next] == graph.servers[from];
    });
    // A graph without servers has only the first search, which then spans all its cards.
    outside.run(from, [&](std::uint32_t node, std::uint32_t next) {
        const bool icn = carries_icn(graph.kinds[node]) && carries_icn(graph.kinds[next]);
        return (node == from || graph.kinds[node] != NodeKind::card) && !icn;
    });
    for (const NodeId target : topology.cards) {
        const std::uint32_t to = index(target);
        if (to == from) {
            continue;
        }
        const Search& search = inside.distance(to) != kFar ? inside : outside;
        if (search.distance(to) == kFar) {
            ++totals.unreachable;
        } else {
            totals.add(search.distance(to), search.paths(to));
        }
    }
}

}  // namespace

void analyse_distances(const Topology& topology, const AnalysisLimits& limits, TopologyAnalysis& result) {
    const auto cards = static_cast<std::int64_t>(topology.cards.size());
    const bool all = cards <= limits.exact_cards;
    const std::int64_t sources = all ? cards : std::min(cards, limits.samples);
    const Adjacency graph(topology);
    Search inside(graph);
    Search outside(graph);
    Totals totals;
    for (std::int64_t i = 0; i < sources; ++i) {
        // Evenly spaced, and one further in each stride, so that all places inside a server are met.
        const std::int64_t card = all ? i : (i * (cards / sources) + i) % cards;
        add_source(topology, graph, topology.cards[static_cast<std::size_t>(card)], inside, outside, totals);
    }
    const Certainty certainty = all ? Certainty::exact : Certainty::sampled;
    const std::string note = all ? "" : fmt::format("from {} of {} cards to all others", sources, cards);
    const auto pairs = static_cast<double>(std::max<std::int64_t>(totals.pairs, 1));
    result.unreachable_pairs = totals.unreachable;
    result.diameter = {totals.longest, certainty, note};
    result.average_distance = {static_cast<double>(totals.hops) / pairs, certainty, note};
    result.paths_min = {totals.pairs > 0 ? totals.paths_min : 0, certainty, note};
    result.paths_mean = {totals.paths / pairs, certainty, note};
    result.paths_max = {totals.paths_max, certainty, note};
}

}  // namespace myriad
