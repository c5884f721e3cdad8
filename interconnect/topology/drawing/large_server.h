#pragma once
// The chip links of a server with too many cards to draw each: a grid shows one plane and says what stands behind it,
// switches are put together level by level.

#include "interconnect/topology/drawing/server_panel.h"

namespace myriad {

// Draws with its upper left corner at `corner`, the panel's title standing there already, and gives the size used.
Size draw_large_icn(SvgWriter& svg, const Topology& topology, Point corner);

}  // namespace myriad
