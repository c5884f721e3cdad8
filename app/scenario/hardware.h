#pragma once
// Hardware files as structs: what the floors below build from, and the few values beside it that only the program
// needs.

#include "interconnect/collective/protocol.h"
#include "interconnect/packet/flow_control.h"
#include "interconnect/topology/config.h"
#include "models/chip_config.h"
#include "sim/config/sourced.h"
#include "sim/units/units.h"

#include <optional>
#include <string>

namespace myriad {

struct HbmFile {
    std::string title;
    HbmPreset preset;
};

// A chip file holds what belongs to the card and what belongs to the interconnect.
struct ChipFile {
    std::string title;
    ChipConfig chip;
    ChipLinksConfig links;
    CollectiveLibrary library;
    PcieConfig pcie;
    std::optional<FlopPerSecond> nameplate_bf16;
    std::optional<Sourced<UsDollarsPerHour>> rent;  // of one card, as ChipConfig has it, with its range
};

struct ServerFile {
    std::string title;
    ServerConfig server;
    std::optional<FlowControlConfig> flow_control;  // of its links; absent: the file does not say
    ChipFile chip;
};

struct FabricFile {
    FabricConfig fabric;
    std::optional<EthernetControl> flow_control;  // absent: buffers without bounds
};

// The cards of a cluster are all of one kind.
struct ClusterFile {
    std::string title;
    ClusterConfig cluster;
    std::optional<FlowControlConfig> flow_control;
    ChipFile chip;
    [[nodiscard]] int cards() const { return cluster.servers * cluster.server.cards; }
};

}  // namespace myriad
