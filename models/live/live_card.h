#pragma once
// A card with everything in it as a module: cores, their ports, the on-chip network, cache slices, HBM channels, the
// gateway to other cards, the ICN ports, the command processor.

#include "models/card.h"
#include "models/live/cache_slice.h"
#include "models/live/core_network.h"
#include "models/live/gateway.h"
#include "models/live/live_commands.h"
#include "models/live/live_core.h"
#include "models/live/live_hbm.h"
#include "models/live/live_traffic.h"

#include <memory>
#include <vector>

namespace myriad {

class LiveCard final : public sc_core::sc_module, public Card {
public:
    // What all cards of a system share.
    struct Surroundings {
        Agenda& agenda;
        NetworkMemory& memory;
        RemoteAccesses& accesses;
        RemoteMessages& messages;
        Bytes cell;
    };
    // `chip` outlives the card. Takes component_ids(chip) identifiers from `self` on.
    LiveCard(const sc_core::sc_module_name& name, const Surroundings& around, ComponentId self, CardId card,
             const ChipConfig& chip, const std::vector<PortSpec>& port_specs);

    [[nodiscard]] static std::uint32_t component_ids(const ChipConfig& chip) {
        return static_cast<std::uint32_t>(chip.cores) + 2;
    }

    void execute(const Kernel& kernel, Completion done) override { commands->execute(kernel, done); }
    // The tile level's answer, which knows of no other kernel and no other card.
    [[nodiscard]] Picoseconds duration(const Kernel& kernel) const override;
    [[nodiscard]] Bytes memory_capacity() const override { return chip_.hbm.capacity; }
    [[nodiscard]] FlopPerSecond peak(DataType type) const override { return chip_.tensor.of(type); }

    [[nodiscard]] LiveTraffic traffic() const;
    // Accesses of cores that have not been answered.
    [[nodiscard]] std::size_t waiting_accesses() const;
    [[nodiscard]] std::size_t modules() const;

private:
    void build_memory(const Agenda& agenda);

    const ChipConfig& chip_;
    AddressSpread spread_;

public:
    PortBank ports;
    std::vector<std::unique_ptr<LiveHbmChannel>> hbm;
    std::vector<std::unique_ptr<CacheSlice>> slices;
    std::unique_ptr<CoreNetwork> network;
    std::vector<std::unique_ptr<CorePort>> core_ports;
    std::vector<std::unique_ptr<LiveCore>> cores;
    std::unique_ptr<RemoteGateway> gateway;
    std::unique_ptr<LiveCommands> commands;
};

}  // namespace myriad
