// Assembly of a card.

#include "models/ppu/ppu_card.h"

#include "models/ppu/roofline.h"

namespace myriad {

PpuCard::PpuCard(const sc_core::sc_module_name& name, Agenda& agenda, ComponentId self, NetworkMemory& memory,
                 Bytes cell, const ChipConfig& chip, const std::vector<PortSpec>& port_specs)
    : sc_module(name),
      chip_(chip),
      hbm("hbm", chip.hbm),
      compute("compute", chip),
      command_processor("command_processor", agenda, self, chip),
      ports("ports", agenda, memory, cell, port_specs),
      dma("dma", ports) {
    command_processor.compute.bind(compute.commands);
    compute.memory.bind(hbm.compute);
    dma.memory.bind(hbm.dma);
}

Picoseconds PpuCard::duration(const Kernel& kernel) const { return roofline_time(chip_, kernel).total; }

}  // namespace myriad
