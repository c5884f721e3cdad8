#pragma once
// The compute unit at roofline level: takes a kernel, asks HBM over its socket how long the bytes take, and answers with
// the longer of compute and memory time, annotated on the call.

#include "models/chip_config.h"
#include "models/ppu/kernel_extension.h"

#include <tlm_utils/passthrough_target_socket.h>
#include <tlm>

namespace myriad {

struct ComputeStats {
    std::int64_t kernels = 0;
    Flop work;
    Picoseconds busy{};
};

class Compute final : public sc_core::sc_module, public tlm::tlm_bw_transport_if<> {
public:
    tlm_utils::passthrough_target_socket_optional<Compute, 32> commands;
    tlm::tlm_initiator_socket<32> memory;

    Compute(const sc_core::sc_module_name& name, const ChipConfig& chip);
    [[nodiscard]] const ComputeStats& stats() const noexcept { return stats_; }

    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) override;
    void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override {}

private:
    void run(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);

    const ChipConfig& chip_;
    ComputeStats stats_;
    tlm::tlm_generic_payload transfer_;
};

}  // namespace myriad
