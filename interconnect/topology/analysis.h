#pragma once
// What can be said about a topology without running anything: counts, bandwidths, distances, diversity of paths.
//
// Definitions. Distances and paths are as messages go: between cards of one server over ICN where it leads there,
// otherwise through PCIe, NICs and fabric, where cards do not forward. A hop is one link. Bandwidths are per direction.

#include "interconnect/topology/cost.h"
#include "interconnect/topology/topology.h"
#include "sim/units/units.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

// How far a figure can be trusted; results print it beside the number.
enum class Certainty : std::uint8_t {
    exact,        // of this topology, over all cards or all links
    upper_bound,  // the true figure is not greater
    sampled,      // over the cards that `note` names
};
[[nodiscard]] std::string_view name_of(Certainty certainty);

template <class T>
struct Figure {
    T value{};
    Certainty certainty = Certainty::exact;
    std::string note;  // how it was obtained, where that is not obvious
};

struct NodeCount {
    NodeKind kind = NodeKind::card;
    std::int64_t count = 0;
};
struct LinkCount {
    LinkClass link_class;
    std::int64_t count = 0;
};

struct TopologyAnalysis {
    std::vector<NodeCount> nodes;  // kinds that exist, in the order of NodeKind
    std::vector<LinkCount> links;  // in the order of Topology::link_classes

    // ICN links of the chip that the wiring uses, bonded ones counted singly; the cards with the fewest and the most.
    std::int64_t links_used_min = 0;
    std::int64_t links_used_max = 0;
    std::int64_t links_dark_max = 0;  // left over at the card with the fewest used

    // What the worst-off card can send: into ICN, and out of its server (its PCIe link and its share of NIC and ports).
    BytesPerSecond icn_injection;
    BytesPerSecond fabric_injection;

    // Greatest flow from the first half of the cards (by number) to the second.
    Figure<BytesPerSecond> bisection;
    // Of a single server with coordinates: the least such flow over the halves along each dimension of even size.
    std::optional<Figure<BytesPerSecond>> grid_bisection;

    CostItems cost;

    // Hops from card to card, over ordered pairs; pairs that nothing joins are left out and counted.
    Figure<std::int64_t> diameter;
    Figure<double> average_distance;
    std::int64_t unreachable_pairs = 0;
    // Number of shortest paths of a pair, parallel links counted.
    Figure<double> paths_min;
    Figure<double> paths_mean;
    Figure<double> paths_max;
};

struct AnalysisLimits {
    std::int64_t max_flow_edges = 1'000'000;  // above: bisection is a bound from cuts
    std::int64_t exact_cards = 2'048;         // above: distances from `samples` cards
    std::int64_t samples = 64;
};

[[nodiscard]] TopologyAnalysis analyse(const Topology& topology, const AnalysisLimits& limits = {});

[[nodiscard]] std::string_view name_of(NodeKind kind);

// The parts of analyse(), by themselves.
[[nodiscard]] Figure<BytesPerSecond> bisection_bandwidth(const Topology& topology, const AnalysisLimits& limits = {});
[[nodiscard]] std::optional<Figure<BytesPerSecond>> least_grid_bisection(const Topology& topology,
                                                                         const AnalysisLimits& limits = {});
void analyse_distances(const Topology& topology, const AnalysisLimits& limits, TopologyAnalysis& result);

}  // namespace myriad
