#pragma once
// What of a cluster is not as built: links that are slower, longer or dead, cards that are slower or missing, from the
// start or from some time on.
//
// Targets are named by patterns over the topology's names, where `*` stands for any characters:
//   link        "server0.card0-server0.card1", in either order; of parallel links all, or one as "leaf0-spine1#2", the
//               third in order of ports
//   link_class  "nic_tor": every link of the class
//   card        "server3.card5": the card itself (compute, HBM), or, down, all its links
//   node        "plane0.agg7": all links of a switch or NIC
// A change of a link holds for both directions.

#include "sim/units/units.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

struct Topology;

enum class ChangeTarget : std::uint8_t { link, link_class, card, node };

struct ClusterChange {
    ChangeTarget target = ChangeTarget::link;
    std::string pattern;
    Picoseconds at{};  // simulated time; 0: from the start
    bool down = false;
    bool up = false;  // back in service
    // After a link has died or come back at a time: until routes follow, and until what it lost is sent again.
    Picoseconds detection{};
    // Of links; a bandwidth is per direction and what payload gets.
    std::optional<BytesPerSecond> bandwidth{};
    std::optional<double> bandwidth_factor{};
    std::optional<Picoseconds> latency{};
    // Of cards: shares of the speed as built.
    std::optional<double> compute{};
    std::optional<double> hbm{};
};

// What a change applies to: ascending numbers of edges and, for a card, of cards.
struct ChangeScope {
    std::vector<std::uint32_t> links;
    std::vector<std::uint32_t> cards;
};

// Throws UserError when nothing matches (with the nearest name).
[[nodiscard]] ChangeScope scope_of(const Topology& topology, const ClusterChange& change);

// Applies what of it concerns links; `at` is not looked at. Throws UserError when nothing matches.
void apply_change(Topology& topology, const ClusterChange& change);

// "link server0.card0-server0.card1: 1 link, 25 GB/s per direction"
[[nodiscard]] std::string describe(const Topology& topology, const ClusterChange& change);

// Shares of the speed of each card as built, once all changes up to `now` apply.
struct CardCondition {
    double compute = 1.0;
    double hbm = 1.0;
    bool down = false;
};
[[nodiscard]] std::vector<CardCondition> card_conditions(const Topology& topology,
                                                         const std::vector<ClusterChange>& changes, Picoseconds now);

// Throws UserError when some cards that are up cannot reach others over links that are up: names the two sides and the
// dead links between them.
void check_not_cut(const Topology& topology, const std::vector<CardCondition>& cards);

}  // namespace myriad
