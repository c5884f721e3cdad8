#pragma once
// A card at roofline level: command processor -> compute -> HBM <- DMA -> port bank, each a module, joined by sockets.

#include "models/card.h"
#include "models/hbm/roofline_hbm.h"
#include "models/ppu/command_processor.h"
#include "models/ppu/compute.h"
#include "models/ppu/dma.h"
#include "models/ppu/port_bank.h"

namespace myriad {

class PpuCard final : public sc_core::sc_module, public Card {
public:
    // `chip` outlives the card.
    PpuCard(const sc_core::sc_module_name& name, Agenda& agenda, ComponentId self, NetworkMemory& memory, Bytes cell,
            const ChipConfig& chip, const std::vector<PortSpec>& port_specs);

    static constexpr std::uint32_t kComponentIds = 1;

    void execute(const Kernel& kernel, Completion done) override { command_processor.submit(kernel, done); }
    [[nodiscard]] Picoseconds duration(const Kernel& kernel) const override;
    [[nodiscard]] Bytes memory_capacity() const override { return chip_.hbm.capacity; }
    [[nodiscard]] FlopPerSecond peak(DataType type) const override { return chip_.tensor.of(type); }

private:
    const ChipConfig& chip_;

public:
    RooflineHbm hbm;
    Compute compute;
    CommandProcessor command_processor;
    PortBank ports;
    Dma dma;
};

}  // namespace myriad
