#pragma once
// The compute unit: takes a kernel and answers how long it takes, annotated on the call. At roofline level that is the
// longer of compute and memory time, the latter asked of HBM over its socket; at tile level the kernel table knows, and
// HBM is only told the bytes.

#include "models/chip_config.h"
#include "models/kernel_table/kernel_table.h"
#include "models/ppu/kernel_extension.h"
#include "models/ppu/roofline.h"

#include <tlm_utils/passthrough_target_socket.h>
#include <tlm>

#include <vector>

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

    // `kernels`: at tile level; null: roofline.
    Compute(const sc_core::sc_module_name& name, const ChipConfig& chip, KernelTable* kernels);
    // For kernels that start at this time or later. In ascending order of times.
    void set_speed(TimePoint from, const CardSpeed& speed) { coming_.push_back({from, speed}); }
    [[nodiscard]] const ComputeStats& stats() const noexcept { return stats_; }

    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) override;
    void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override {}

private:
    void run(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    [[nodiscard]] KernelNeed roofline(const Kernel& kernel);
    [[nodiscard]] KernelNeed tile(const Kernel& kernel);

    const ChipConfig& chip_;
    KernelTable* kernels_;
    struct Change {
        TimePoint from;
        CardSpeed speed;
    };
    void update_speed();

    CardSpeed speed_;
    std::vector<Change> coming_;
    std::size_t next_change_ = 0;
    ComputeStats stats_;
    tlm::tlm_generic_payload transfer_;
};

}  // namespace myriad
