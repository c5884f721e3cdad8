#pragma once
// A card: command processor -> compute -> HBM <- DMA -> port bank, each a module, joined by sockets. What a kernel takes
// comes from the roofline or from a kernel table; a card that shares lets kernels and messages slow each other down.

#include "models/card.h"
#include "models/hbm/roofline_hbm.h"
#include "models/ppu/command_processor.h"
#include "models/ppu/compute.h"
#include "models/ppu/dma.h"
#include "models/ppu/port_bank.h"
#include "models/ppu/traffic_shares.h"

#include <memory>

namespace myriad {

// What a card has beyond the roofline, all shared by the cards of a system, all optional.
struct CardLevels {
    KernelTable* kernels = nullptr;    // tile level
    FairShare* solver = nullptr;       // interference
    TrafficShares* traffic = nullptr;  // interference with messages; needs `solver`
    CardId id{};                       // in `traffic`
};

class PpuCard final : public sc_core::sc_module, public Card {
public:
    // `chip` outlives the card.
    PpuCard(const sc_core::sc_module_name& name, Agenda& agenda, ComponentId self, NetworkMemory& memory, Bytes cell,
            const ChipConfig& chip, const std::vector<PortSpec>& port_specs, const CardLevels& levels = {});

    static constexpr std::uint32_t kComponentIds = 1;

    void execute(const Kernel& kernel, Completion done) override { command_processor.submit(kernel, done); }
    void idle_until(TimePoint time, Completion done) override { command_processor.call_at(time, done); }
    // At the highest speed that the card has had: what a lower bound may count on.
    [[nodiscard]] Picoseconds duration(const Kernel& kernel) const override;
    [[nodiscard]] Bytes memory_capacity() const override { return chip_.hbm.capacity; }
    [[nodiscard]] FlopPerSecond peak(DataType type) const override { return chip_.tensor.of(type); }

    // Kernels that start at `from` or later run at this share of the speed as built. In ascending order of times, the
    // first at 0.
    void set_speed(TimePoint from, const CardSpeed& speed);

    void begin_collective() override;
    void end_collective() override;

    // Time in which the compute unit worked, slow-down by others included.
    [[nodiscard]] Picoseconds busy() const;
    [[nodiscard]] const ChipConfig& chip() const { return chip_; }
    // With interference, else null.
    [[nodiscard]] CardShare* share() const { return share_.get(); }

private:
    const ChipConfig& chip_;
    KernelTable* kernels_;
    std::unique_ptr<CardShare> share_;
    CardSpeed fastest_;
    bool speed_is_set_ = false;

public:
    RooflineHbm hbm;
    Compute compute;
    CommandProcessor command_processor;
    PortBank ports;
    Dma dma;
};

}  // namespace myriad
