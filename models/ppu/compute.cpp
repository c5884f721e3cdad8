// The compute unit. Roofline: launches + max(work / attained rate, HBM time). Tile: what the kernel table says.

#include "models/ppu/compute.h"

#include "models/hbm/roofline_hbm.h"
#include "models/ppu/roofline.h"
#include "sim/error/error.h"
#include "sim/systemc/agenda_bridge.h"

#include <algorithm>

namespace myriad {

Compute::Compute(const sc_core::sc_module_name& name, const ChipConfig& chip, KernelTable* kernels)
    : sc_module(name), commands("commands"), memory("memory"), chip_(chip), kernels_(kernels) {
    commands.register_b_transport(this, &Compute::run);
    memory.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
}

void Compute::run(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    auto* extension = payload.get_extension<KernelExtension>();
    MYRIAD_CHECK(extension != nullptr && extension->kernel != nullptr, "a command without a kernel");
    const Kernel& kernel = *extension->kernel;
    update_speed();
    const KernelNeed need = kernels_ == nullptr ? roofline(kernel) : tile(kernel);
    ++stats_.kernels;
    stats_.work += kernel.work;
    stats_.busy += need.body;
    delay += to_sc_time(need.launch + need.body);
    extension->need = need;
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

// Looked up when a kernel starts rather than told at the time: a change after the last kernel must not prolong the run.
void Compute::update_speed() {
    if (next_change_ == coming_.size()) {
        return;
    }
    const TimePoint now{to_picoseconds(sc_core::sc_time_stamp())};
    while (next_change_ < coming_.size() && coming_[next_change_].from <= now) {
        speed_ = coming_[next_change_++].speed;
    }
}

KernelNeed Compute::roofline(const Kernel& kernel) {
    sc_core::sc_time streaming;
    bulk_transfer(*memory.operator->(), transfer_, tlm::TLM_READ_COMMAND, kernel.read, streaming);
    bulk_transfer(*memory.operator->(), transfer_, tlm::TLM_WRITE_COMMAND, kernel.written, streaming);
    const int cores = kernel.unit == KernelUnit::tensor ? chip_.matrix_cores : chip_.cores;
    return {
        launch_time(chip_, kernel),
        std::max(slowed(compute_time(chip_, kernel), speed_.compute), slowed(to_picoseconds(streaming), speed_.hbm)),
        kernel.read + kernel.written, static_cast<double>(cores)};
}

KernelNeed Compute::tile(const Kernel& kernel) {
    const KernelResult& result = kernels_->result(kernel);
    sc_core::sc_time within;  // the result has this time already
    bulk_transfer(*memory.operator->(), transfer_, tlm::TLM_READ_COMMAND, result.hbm_read, within);
    bulk_transfer(*memory.operator->(), transfer_, tlm::TLM_WRITE_COMMAND, result.hbm_written, within);
    return {result.launch, slowed(result.body, speed_.compute), result.hbm_read + result.hbm_written,
            static_cast<double>(result.cores)};
}

tlm::tlm_sync_enum Compute::nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) {
    MYRIAD_CHECK(false, "HBM at roofline level answers within the call");
}

}  // namespace myriad
