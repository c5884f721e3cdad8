// The compute unit at roofline level: max(work / attained rate, HBM time), launch cost added by the command processor.

#include "models/ppu/compute.h"

#include "models/hbm/roofline_hbm.h"
#include "models/ppu/roofline.h"
#include "sim/error/error.h"
#include "sim/systemc/agenda_bridge.h"

#include <algorithm>

namespace myriad {

Compute::Compute(const sc_core::sc_module_name& name, const ChipConfig& chip)
    : sc_module(name), commands("commands"), memory("memory"), chip_(chip) {
    commands.register_b_transport(this, &Compute::run);
    memory.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
}

void Compute::run(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const auto* extension = payload.get_extension<KernelExtension>();
    MYRIAD_CHECK(extension != nullptr && extension->kernel != nullptr, "a command without a kernel");
    const Kernel& kernel = *extension->kernel;
    sc_core::sc_time streaming;
    bulk_transfer(memory, transfer_, tlm::TLM_READ_COMMAND, kernel.read, streaming);
    bulk_transfer(memory, transfer_, tlm::TLM_WRITE_COMMAND, kernel.written, streaming);
    const Picoseconds body = std::max(compute_time(chip_, kernel), to_picoseconds(streaming));
    ++stats_.kernels;
    stats_.work += kernel.work;
    stats_.busy += body;
    delay += to_sc_time(body);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

tlm::tlm_sync_enum Compute::nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) {
    MYRIAD_CHECK(false, "HBM at roofline level answers within the call");
}

}  // namespace myriad
