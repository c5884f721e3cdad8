#pragma once
// One slice of the last-level cache: its share of the bandwidth and of the capacity, and sockets to the HBM channels of its
// partition. It serves the part of a block that lies in it; the part is named by the block's address.

#include "models/chip_config.h"
#include "models/live/address_spread.h"
#include "models/live/live_access.h"
#include "models/live/live_hbm.h"
#include "models/live/transport_ends.h"
#include "models/tile/cache_directory.h"
#include "sim/time/agenda.h"

#include <memory>
#include <vector>

namespace myriad {

struct CacheSliceStats {
    Bytes read;  // asked for by cores
    Bytes written;
    Bytes hit;  // of what was read
    Bytes hbm_read;
    Bytes hbm_written;
    Picoseconds busy{};
};

class CacheSlice final : public sc_core::sc_module, private TransportTarget, private TransportInitiator {
public:
    LiveTargetSocket in;

    // `spread` and `chip` outlive the slice. Its channels are those of the pseudo channels that it reaches.
    CacheSlice(const sc_core::sc_module_name& name, const Agenda& agenda, const ChipConfig& chip,
               const AddressSpread& spread, std::int64_t number);

    // HBM channels in order, and the socket towards the i-th of them.
    [[nodiscard]] const std::vector<std::int64_t>& channels() const noexcept { return channels_; }
    [[nodiscard]] LiveInitiatorSocket& memory(std::size_t i) { return *memory_[i]; }
    [[nodiscard]] const CacheSliceStats& stats() const noexcept { return stats_; }

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
    // When HBM has the slice's part of `block` (read), or room for it (write).
    TimePoint hbm(const BlockAccess& block, TimePoint now);

    const Agenda& agenda_;
    const TileConfig& config_;
    const AddressSpread& spread_;
    std::int64_t number_;
    std::int64_t pseudo_channels_;  // of a channel
    BytesPerSecond bandwidth_;
    CacheDirectory directory_;
    std::vector<std::int64_t> channels_;
    std::vector<std::int64_t> memory_of_channel_;  // index into memory_; -1: not reached
    std::vector<std::unique_ptr<LiveInitiatorSocket>> memory_;
    tlm::tlm_generic_payload access_;
    TimePoint free_{};
    CacheSliceStats stats_;
};

}  // namespace myriad
