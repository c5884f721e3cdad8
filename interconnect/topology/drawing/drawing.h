#pragma once
// Pictures of a topology: SVG to look at, DOT for other tools. Both show the inside of one server and the fabric over
// all servers; where there are too many servers or switches, a box stands for a group and says for how many.

#include "interconnect/topology/topology.h"

#include <string>

namespace myriad {

[[nodiscard]] std::string to_svg(const Topology& topology);

// Whole up to kMaxDotNodes nodes, reduced beyond.
inline constexpr std::size_t kMaxDotNodes = 400;
[[nodiscard]] std::string to_dot(const Topology& topology);

}  // namespace myriad
