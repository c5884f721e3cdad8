// Whether what is down cuts the cluster in two.

#include "interconnect/topology/changes.h"
#include "interconnect/topology/name_pattern.h"
#include "interconnect/topology/topology.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {
namespace {

constexpr std::size_t kNamesShown = 4;

std::string shown(const std::vector<std::string>& names) {
    const std::size_t count = std::min(kNamesShown, names.size());
    std::string text =
        fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(count), ", "));
    return names.size() > count ? fmt::format("{} and {} more", text, names.size() - count) : text;
}

// Nodes that links which are up join to `start`.
std::vector<bool> reached_from(const Topology& topology, NodeId start) {
    std::vector<bool> reached(topology.nodes.size(), false);
    std::vector<NodeId> queue{start};
    reached[index(start)] = true;
    for (std::size_t head = 0; head < queue.size(); ++head) {
        const NodeId node = queue[head];
        for (std::size_t port = 0; port < topology.nodes[index(node)].ports.size(); ++port) {
            const Step step = step_over(topology, node, static_cast<std::uint16_t>(port));
            if (!topology.edges[index(step.way.edge)].down && !reached[index(step.to)]) {
                reached[index(step.to)] = true;
                queue.push_back(step.to);
            }
        }
    }
    return reached;
}

std::vector<std::string> cards_on(const Topology& topology, const std::vector<CardCondition>& cards,
                                  const std::vector<bool>& reached, bool side) {
    std::vector<std::string> names;
    for (std::size_t card = 0; card < cards.size(); ++card) {
        const Node& node = topology.nodes[index(topology.cards[card])];
        if (!cards[card].down && reached[index(topology.cards[card])] == side) {
            names.push_back(node.name);
        }
    }
    return names;
}

std::string count_of(std::size_t cards) { return fmt::format("{} card{}", cards, cards == 1 ? "" : "s"); }

}  // namespace

void check_not_cut(const Topology& topology, const std::vector<CardCondition>& cards) {
    const auto first = std::find_if(cards.begin(), cards.end(), [](const CardCondition& card) { return !card.down; });
    if (first == cards.end()) {
        throw UserError(fmt::format("every card of {} is down", topology.name));
    }
    const std::vector<bool> reached =
        reached_from(topology, topology.cards[static_cast<std::size_t>(first - cards.begin())]);
    const std::vector<std::string> far = cards_on(topology, cards, reached, false);
    if (far.empty()) {
        return;
    }
    const std::vector<std::string> near = cards_on(topology, cards, reached, true);
    std::vector<std::string> dead;
    for (std::uint32_t e = 0; e < topology.edges.size(); ++e) {
        const Edge& edge = topology.edges[e];
        if (reached[index(edge.a)] != reached[index(edge.b)]) {
            dead.push_back(link_name(topology, EdgeId{e}));  // not reached over it, so it is down
        }
    }
    throw UserError(fmt::format("{} is cut: {} ({}) cannot reach {} ({}); {} between them, all down: {}", topology.name,
                                count_of(near.size()), shown(near), count_of(far.size()), shown(far),
                                dead.size() == 1 ? "1 link" : fmt::format("{} links", dead.size()), shown(dead)));
}

}  // namespace myriad
