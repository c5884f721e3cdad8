// Assembly of a card.

#include "models/ppu/ppu_card.h"

#include "models/ppu/roofline.h"

#include <algorithm>

namespace myriad {

namespace {

std::unique_ptr<CardShare> make_share(Agenda& agenda, ComponentId self, const ChipConfig& chip,
                                      const std::vector<PortSpec>& ports, const CardLevels& levels) {
    if (levels.solver == nullptr) {
        return nullptr;
    }
    CardShareConfig config{RooflineHbmModel(chip.hbm).attained(), chip.cores, chip.communication.cores, 0.0};
    std::vector<BytesPerSecond> bandwidths;
    for (const PortSpec& port : ports) {
        bandwidths.push_back(port.bandwidth);
        config.ports += static_cast<double>(port.bandwidth.count());
    }
    auto share = std::make_unique<CardShare>(agenda, self, CommandProcessor::kShare, *levels.solver, config);
    if (levels.traffic != nullptr) {
        levels.traffic->add_end(levels.id, share.get(), bandwidths);
    }
    return share;
}

}  // namespace

PpuCard::PpuCard(const sc_core::sc_module_name& name, Agenda& agenda, ComponentId self, NetworkMemory& memory,
                 Bytes cell, const ChipConfig& chip, const std::vector<PortSpec>& port_specs, const CardLevels& levels)
    : sc_module(name),
      chip_(chip),
      kernels_(levels.kernels),
      share_(make_share(agenda, self, chip, port_specs, levels)),
      hbm("hbm", chip.hbm, memory.arena),
      compute("compute", chip, levels.kernels),
      command_processor("command_processor", agenda, self, share_.get()),
      ports("ports", agenda, memory, cell, port_specs),
      dma("dma", ports, memory, levels.traffic, chip.communication.reduction_bytes) {
    command_processor.compute.bind(compute.commands);
    compute.memory.bind(hbm.compute);
    dma.memory.bind(hbm.dma);
}

Picoseconds PpuCard::duration(const Kernel& kernel) const {
    if (kernels_ == nullptr) {
        return roofline_time(chip_, kernel, fastest_).total;
    }
    const KernelResult& result = kernels_->result(kernel);
    return fastest_.compute == 1.0 ? result.total : result.launch + slowed(result.body, fastest_.compute);
}

void PpuCard::set_speed(TimePoint from, const CardSpeed& speed) {
    fastest_ =
        speed_is_set_ ? CardSpeed{std::max(fastest_.compute, speed.compute), std::max(fastest_.hbm, speed.hbm)} : speed;
    speed_is_set_ = true;
    compute.set_speed(from, speed);
}

Picoseconds PpuCard::busy() const { return compute.stats().busy + (share_ ? share_->stats().stretch : Picoseconds{0}); }

void PpuCard::begin_collective() {
    if (share_) {
        share_->begin_collective();
    }
}

void PpuCard::end_collective() {
    if (share_) {
        share_->end_collective();
    }
}

}  // namespace myriad
