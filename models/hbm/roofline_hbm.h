#pragma once
// HBM at roofline level: a transfer takes bytes / (bandwidth x efficiency), annotated on the TLM call; nothing queues.
// Banks, rows and refresh come with the tile level.

#include "models/chip_config.h"
#include "sim/network/hot_arena.h"

#include <tlm_utils/passthrough_target_socket.h>
#include <tlm>

namespace myriad {

struct HbmStats {
    Bytes read;
    Bytes written;
};

// Kernel-free arithmetic.
class RooflineHbmModel {
public:
    explicit RooflineHbmModel(const HbmConfig& config);
    // As bulk_transfer() moves it: in transactions, each of which ends on a picosecond.
    [[nodiscard]] Picoseconds transfer(Bytes size) const {
        return transfer_time_ceil(kLargest, attained_) * count_of(size, kLargest) +
               transfer_time_ceil(Bytes{size.count() % kLargest.count()}, attained_);
    }
    [[nodiscard]] BytesPerSecond attained() const noexcept { return attained_; }

    static constexpr Bytes kLargest{std::int64_t{1} << 30};  // of one transaction: its length is 32 bits

private:
    BytesPerSecond attained_;
};

// Where messages come in and go out: counted; links are slower than HBM, so at this level it costs no time. Every message
// passes here, so it lies in the HotArena.
class HbmDmaTarget final : public tlm::tlm_fw_transport_if<> {
public:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) override;
    bool get_direct_mem_ptr(tlm::tlm_generic_payload&, tlm::tlm_dmi&) override { return false; }
    unsigned transport_dbg(tlm::tlm_generic_payload&) override { return 0; }
    [[nodiscard]] const HbmStats& stats() const noexcept { return stats_; }

private:
    HbmStats stats_;
};

class RooflineHbm final : public sc_core::sc_module {
public:
    // From the compute unit: the transfer's time is added to the delay.
    tlm_utils::passthrough_target_socket_optional<RooflineHbm, 32> compute;
    tlm::tlm_target_socket<32> dma;  // from the DMA engines

    RooflineHbm(const sc_core::sc_module_name& name, const HbmConfig& config, HotArena& arena);
    [[nodiscard]] HbmStats stats() const {
        return {stats_.read + dma_target_.stats().read, stats_.written + dma_target_.stats().written};
    }
    [[nodiscard]] const RooflineHbmModel& model() const noexcept { return model_; }

private:
    void serve_compute(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);

    RooflineHbmModel model_;
    HbmStats stats_;  // of the compute unit
    HbmDmaTarget& dma_target_;
};

// A transfer of any size as generic-payload transactions of at most kLargest. The caller keeps `payload` from one
// transfer to the next: making one allocates.
inline void bulk_transfer(tlm::tlm_fw_transport_if<>& memory, tlm::tlm_generic_payload& payload,
                          tlm::tlm_command command, Bytes size, sc_core::sc_time& delay) {
    constexpr std::int64_t kLargest = RooflineHbmModel::kLargest.count();
    payload.set_command(command);
    for (std::int64_t left = size.count(); left > 0; left -= kLargest) {
        payload.set_data_length(static_cast<unsigned>(left < kLargest ? left : kLargest));
        memory.b_transport(payload, delay);
    }
}

}  // namespace myriad
