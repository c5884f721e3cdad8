#pragma once
// A route may leave the choice of ports to the switches on its way: in place of ports it then has kRouteChoice and the
// switch to get to (a number that the Router gave out, in two words). A switch that reads it picks a port that leads
// nearer; the packet reads on where that port leads to the switch named.

#include <cstdint>

namespace myriad {

// No node has that many ports.
inline constexpr std::uint16_t kRouteChoice = 0xFFFE;
inline constexpr int kRouteChoiceWords = 3;

[[nodiscard]] constexpr std::uint32_t chosen_target(const std::uint16_t* word) {
    return static_cast<std::uint32_t>(word[1]) | static_cast<std::uint32_t>(word[2]) << 16;
}

}  // namespace myriad
