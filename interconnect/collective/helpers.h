#pragma once
// Helper ranks of a schedule in which a switch takes part (Schedule::helped): how they are numbered, and where they are.

#include "interconnect/network.h"
#include "interconnect/topology/topology.h"

#include <optional>
#include <vector>

namespace myriad {

// Of a group of `ranks`. Helpers follow the ranks: for each a feeder, which sends for it, and a taker, which receives for
// it, both on its card and its buffer; then the switch, once as what adds and once as what multicasts, with a buffer each.
struct HelperRanks {
    int ranks = 0;

    [[nodiscard]] int feeder(int rank) const { return ranks + rank; }
    [[nodiscard]] int taker(int rank) const { return 2 * ranks + rank; }
    [[nodiscard]] int adder() const { return 3 * ranks; }
    [[nodiscard]] int multicaster() const { return 3 * ranks + 1; }
    [[nodiscard]] int all() const { return 3 * ranks + 2; }
    [[nodiscard]] bool is_feeder(int rank) const { return rank >= ranks && rank < 2 * ranks; }
    [[nodiscard]] bool on_card(int rank) const { return rank < 3 * ranks; }
    // Whose card and buffer it works on; the switch's two: itself.
    [[nodiscard]] int seat(int rank) const { return on_card(rank) ? rank % ranks : rank; }
};

// The end by which a switch adds for these cards: all of them are on it. The next one multicasts. Nothing where there is
// no such switch.
[[nodiscard]] std::optional<CardId> reducer_of(const Topology& topology, const std::vector<CardId>& cards);

// Whether a switch may add for the group: its algorithm allows it, and its cards have a reducer.
[[nodiscard]] bool may_be_helped(const Topology& topology, const CommunicatorSpec& spec);

// Where ranks and helpers send and receive, in their order. The cards have a reducer.
[[nodiscard]] std::vector<CardId> seats_of(const Topology& topology, const std::vector<CardId>& cards);

}  // namespace myriad
