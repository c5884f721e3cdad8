#pragma once
// The inside of one server: ICN wiring, and how cards share PCIe switches and NICs.

#include "interconnect/topology/drawing/svg_writer.h"
#include "interconnect/topology/topology.h"

#include <vector>

namespace myriad {

struct Size {
    double width = 0;
    double height = 0;
};

// The nodes of server 0, or all nodes of a graph without servers.
[[nodiscard]] std::vector<NodeId> sample_server(const Topology& topology);

// Both draw with their upper left corner at `corner` and give the size used; nothing to draw is {0, 0}.
Size draw_icn(SvgWriter& svg, const Topology& topology, Point corner);
Size draw_pcie(SvgWriter& svg, const Topology& topology, Point corner);

}  // namespace myriad
