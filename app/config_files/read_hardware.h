#pragma once
// From sections of chip, server, fabric and cluster files to the structs of the floors below. Rules between keys are
// reported at the value that breaks them.

#include "interconnect/topology/config.h"
#include "models/chip_config.h"
#include "sim/config/section.h"

#include <optional>
#include <string>

namespace myriad {

// A chip file holds what belongs to the card and what belongs to the interconnect.
struct ChipFile {
    std::string title;
    ChipConfig chip;
    ChipLinksConfig links;
    PcieConfig pcie;
    std::optional<FlopPerSecond> nameplate_bf16;
};

struct ServerFile {
    std::string title;
    ServerConfig server;
    ChipFile chip;
};

// The cards of a cluster are all of one kind.
struct ClusterFile {
    std::string title;
    ClusterConfig cluster;
    ChipFile chip;
    [[nodiscard]] int cards() const { return cluster.servers * cluster.server.cards; }
};

[[nodiscard]] ChipFile read_chip(Section s);
[[nodiscard]] ServerFile read_server(Section s);
[[nodiscard]] FabricConfig read_fabric(Section s);
[[nodiscard]] ClusterFile read_cluster(Section s);

// Payload per direction of a PCIe link: lanes x rate of the generation, less 128b/130b coding and `efficiency`.
[[nodiscard]] BytesPerSecond pcie_bandwidth(int generation, int lanes, double efficiency);
// A rate with its efficiency taken off, to the nearest byte per second.
[[nodiscard]] BytesPerSecond payload_rate(BytesPerSecond raw, double efficiency);

}  // namespace myriad
