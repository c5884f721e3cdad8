#pragma once
// GraphML, the XML that graph tools exchange (NetworkX, Gephi, igraph, yEd): a topology out, a wiring in.
//
// Written: nodes by name with kind, server, segment and tier; edges with links (of the chip, bonded), payload bandwidth
// in bytes/s per direction, latency in ps both ways, dimension and closes_ring.
// Read: nodes and edges in the order of the file. A node without kind is a card. An edge without an attribute has what
// the chip says. What was written reads back to the same wiring, ports, bandwidths and latencies included.

#include "interconnect/topology/config.h"
#include "interconnect/topology/topology.h"

#include <string>

namespace myriad {

[[nodiscard]] std::string to_graphml(const Topology& topology);

// What a file's nodes are to the wiring that is read from it.
enum class GraphMembers : std::uint8_t {
    cards,              // cards and ICN switches of the first server; PCIe, NICs and Ethernet switches are left out
    ethernet_switches,  // Ethernet switches; those that no NIC plugs into and that lie above tier 2 carry no hosts
};

// A wiring of recipe `edges`. Throws UserError with file:line:column: no XML, no GraphML, an end that is no node, an
// attribute that is no number or out of range, nothing to join.
[[nodiscard]] WiringConfig parse_graphml(const std::string& text, const std::string& path, GraphMembers members);

}  // namespace myriad
