#pragma once
// How the cards of one server are joined, as a graph over card numbers 0..cards-1.

#include "interconnect/topology/config.h"

#include <string>
#include <utility>
#include <vector>

namespace myriad {

struct WiringGraph {
    int cards = 0;
    // Card-to-card links in the order in which ports are given out; empty when a switch joins the cards.
    std::vector<std::pair<int, int>> links;
    bool through_switch = false;
    std::vector<int> hierarchy;  // Topology::server_hierarchy
    // Links that the busiest card uses; through a switch 1, the bond of all its links.
    [[nodiscard]] int links_per_card() const;
};

// The graph of `config`. Throws UserError on sizes that the recipe does not allow; `where` opens the message
// ("server 'ppu-16'").
[[nodiscard]] WiringGraph wire(const WiringConfig& config, const std::string& where);

// "full_mesh of 8", "product of full_mesh of 4 and ring of 4".
[[nodiscard]] std::string describe(const WiringConfig& config);

[[nodiscard]] std::string_view name_of(WiringRecipe recipe);

}  // namespace myriad
