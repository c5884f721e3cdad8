#pragma once
// How the cards of one server are joined, as a graph over cards 0..cards-1 and the switches after them.

#include "interconnect/topology/config.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

// The largest scale-up domain: a TPU pod has 9,216 chips.
inline constexpr int kMaxCardsPerServer = 16'384;
// What a fabric's switches are wired with: an Ethernet switch has as many trunk ports as its wiring wants.
inline constexpr int kSwitchLinks = 1 << 20;

struct WiringLink {
    int a = 0;  // a card before a switch, a lower switch before a higher one; the smaller number before the larger
    int b = 0;
    std::int32_t bonded = 1;                   // links of the chip that it stands for
    BytesPerSecond per_link{};                 // raw, per direction, of one of them; 0: the chip's
    std::optional<Picoseconds> latency{};      // of the wire and the card it enters; absent: the chip's
    std::uint8_t dimension = 0;                // Edge::dimension
    bool closes_ring = false;                  // Edge::closes_ring
    BytesPerSecond payload{};                  // of the whole bond, efficiency taken off; 0: from per_link
    std::optional<LinkTimes> whole_latency{};  // forwarding at its ends included; absent: from latency
};

// A switch inside the server.
struct WiringSwitch {
    std::string name;
    std::int32_t level = 1;  // 1: cards plug into it, 2: joins switches of level 1
};

struct WiringGraph {
    int cards = 0;
    std::vector<WiringSwitch> switches{};
    std::vector<WiringLink> links{};  // in the order in which ports are given out
    std::vector<int> hierarchy{};     // Topology::server_hierarchy
    int dimensions = 1;

    [[nodiscard]] int nodes() const { return cards + static_cast<int>(switches.size()); }
    // Links of the chip that the busiest card uses, bonded ones counted singly.
    [[nodiscard]] int links_per_card() const;
    [[nodiscard]] bool through_switch() const { return !switches.empty(); }
};

// The graph of `config` for a chip with `chip_links` links. Throws UserError on sizes that the recipe does not allow;
// `where` opens the message ("server 'ppu-16'").
[[nodiscard]] WiringGraph wire(const WiringConfig& config, const std::string& where, int chip_links);

// Cards that the recipe's keys say, without building anything; config.size where they leave it to that.
[[nodiscard]] std::int64_t cards_of(const WiringConfig& config);

// "full_mesh of 8", "torus of 4 x 4 x 4", "product of full_mesh of 4 and ring of 4".
[[nodiscard]] std::string describe(const WiringConfig& config);

[[nodiscard]] std::string_view name_of(WiringRecipe recipe);

}  // namespace myriad
