// A switch reduces for a group when every card has a link to it that is up.

#include "interconnect/collective/helpers.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {

namespace {

bool linked(const Topology& topology, NodeId card, NodeId hub) {
    const std::vector<EdgeId>& ports = topology.nodes[index(card)].ports;
    return std::any_of(ports.begin(), ports.end(), [&](EdgeId id) {
        const Edge& edge = topology.edges[index(id)];
        return !edge.down && (edge.a == hub || edge.b == hub);
    });
}

}  // namespace

std::optional<CardId> reducer_of(const Topology& topology, const std::vector<CardId>& cards) {
    for (std::size_t r = 0; r < topology.reducers.size(); ++r) {
        const NodeId hub = topology.reducers[r];
        if (std::all_of(cards.begin(), cards.end(),
                        [&](CardId card) { return linked(topology, topology.cards[index(card)], hub); })) {
            return CardId{static_cast<std::uint32_t>(topology.cards.size() + 2 * r)};
        }
    }
    return std::nullopt;
}

bool may_be_helped(const Topology& topology, const CommunicatorSpec& spec) {
    const bool allowed =
        spec.algorithm == CollectiveAlgorithm::automatic || spec.algorithm == CollectiveAlgorithm::in_network;
    return allowed && reducer_of(topology, spec.cards).has_value();
}

std::vector<CardId> seats_of(const Topology& topology, const std::vector<CardId>& cards) {
    const std::optional<CardId> reducer = reducer_of(topology, cards);
    MYRIAD_CHECK(reducer.has_value(), "a schedule with a switch is for cards on one");
    std::vector<CardId> seats;
    for (int copy = 0; copy < 3; ++copy) {
        seats.insert(seats.end(), cards.begin(), cards.end());
    }
    seats.push_back(*reducer);
    seats.push_back(CardId{index(*reducer) + 1});
    return seats;
}

}  // namespace myriad
