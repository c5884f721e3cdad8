#pragma once
// From sections of HBM, chip, server, fabric and cluster files to the structs of the floors below. Rules between keys are
// reported at the value that breaks them.

#include "app/scenario/hardware.h"
#include "interconnect/topology/graphml.h"
#include "sim/config/section.h"

#include <string>
#include <string_view>

namespace myriad {

[[nodiscard]] HbmFile read_hbm(Section s);
[[nodiscard]] TileConfig read_core(Section s);
[[nodiscard]] ChipFile read_chip(Section s);
// `default_size`: cards of the server, 0 where the wiring itself must say; `members`: what nodes of a file stand for.
[[nodiscard]] WiringConfig read_wiring(Section s, int default_size, GraphMembers members);
[[nodiscard]] ServerFile read_server(Section s);
[[nodiscard]] FabricFile read_fabric(Section s);
// `flow_control` of a server and of a fabric.
[[nodiscard]] FlowControlConfig read_flow_control(Section s);
[[nodiscard]] EthernetControl read_ethernet(Section s);
[[nodiscard]] ClusterFile read_cluster(Section s);

// Payload per direction of a PCIe link: lanes x rate of the generation, less 128b/130b coding and `efficiency`.
[[nodiscard]] BytesPerSecond pcie_bandwidth(int generation, int lanes, double efficiency);
// A rate with its efficiency taken off, to the nearest byte per second.
[[nodiscard]] BytesPerSecond payload_rate(BytesPerSecond raw, double efficiency);

// A chip whose published figures do not describe its cores has no core file: only the roofline level can run it.
[[nodiscard]] bool has_core(const ChipConfig& chip);
// What a user is told who asks for `level` of such a chip.
[[nodiscard]] std::string needs_core(std::string_view level, const ChipConfig& chip);

}  // namespace myriad
