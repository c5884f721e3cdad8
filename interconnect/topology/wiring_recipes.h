#pragma once
// The recipes that wire() chooses from. Each checks its own keys, with the rule in the message, and lists its links
// such that the ports of a card lead to its neighbours in ascending order, dimension by dimension: port numbers are
// then equal in every server and readable in a trace.

#include "interconnect/topology/wiring.h"

#include <string>

namespace myriad {

// What every recipe is given: `where` opens messages.
struct WiringRequest {
    const WiringConfig& config;
    std::string where;
    int chip_links = 0;
};

[[noreturn]] void refuse(const WiringRequest& request, const std::string& rule);
// More links than a server can mean are refused before they are made.
void expect_links(const WiringRequest& request, std::int64_t links);
// A link with what the recipe says of all its links.
[[nodiscard]] WiringLink link_between(const WiringConfig& config, int a, int b);

// wiring_grids.cpp
[[nodiscard]] WiringGraph wire_full_mesh(const WiringRequest& request);
[[nodiscard]] WiringGraph wire_ring(const WiringRequest& request);
[[nodiscard]] WiringGraph wire_line(const WiringRequest& request);
[[nodiscard]] WiringGraph wire_grid(const WiringRequest& request);  // mesh, torus
[[nodiscard]] WiringGraph wire_hypercube(const WiringRequest& request);
[[nodiscard]] WiringGraph wire_hyperx(const WiringRequest& request);
// wiring_dragonfly.cpp
[[nodiscard]] WiringGraph wire_dragonfly(const WiringRequest& request);
// wiring_switches.cpp
[[nodiscard]] WiringGraph wire_icn_switch(const WiringRequest& request);
[[nodiscard]] WiringGraph wire_switch_planes(const WiringRequest& request);
// wiring_compose.cpp
[[nodiscard]] WiringGraph wire_product(const WiringRequest& request);
[[nodiscard]] WiringGraph wire_overlay(const WiringRequest& request);
[[nodiscard]] WiringGraph wire_separate(const WiringRequest& request);
[[nodiscard]] WiringGraph product_of(const std::vector<WiringGraph>& factors);
// wiring_lists.cpp
[[nodiscard]] WiringGraph wire_matched_quads(const WiringRequest& request);
[[nodiscard]] WiringGraph wire_edges(const WiringRequest& request);

}  // namespace myriad
