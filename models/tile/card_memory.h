#pragma once
// Memory behind the cores at tile level: a port for each core, the last-level cache, HBM. Addresses are hashed evenly
// over slices and channels, so one slice and one pseudo channel stand for all, each with its even share; the live level
// has them all and shows what that leaves out (few bytes do not spread evenly).

#include "models/chip_config.h"
#include "models/hbm/train_channel.h"
#include "models/tile/cache_directory.h"
#include "models/tile/core_memory.h"
#include "models/tile/tile_trace.h"

#include <array>
#include <vector>

namespace myriad {

struct CardMemoryStats {
    Bytes hbm_read;
    Bytes hbm_written;
    Bytes cache_read;
    Bytes cache_hit;
    Picoseconds cache_busy{};
    Picoseconds port_busy{};  // of all cores
};

class CardMemory final : public CoreMemory {
public:
    explicit CardMemory(const ChipConfig& chip);

    std::optional<TimePoint> access(std::int64_t core, const BlockAccess& access, std::uint64_t ticket,
                                    TimePoint now) override;
    // When the last write has reached HBM.
    [[nodiscard]] TimePoint settled() const noexcept { return settled_; }
    [[nodiscard]] const CardMemoryStats& stats() const noexcept { return stats_; }
    [[nodiscard]] const PseudoChannelTrains& channel() const noexcept { return channel_; }
    void trace(TileTrace* trace) { trace_ = trace; }

private:
    TimePoint hbm(const BlockAccess& access, TimePoint now);

    const TileConfig& config_;
    std::vector<TimePoint> ports_;
    TimePoint cache_free_{};
    CacheDirectory directory_;
    LocalMap map_;
    PseudoChannelTrains channel_;
    std::int64_t channels_;
    std::int64_t granule_;                   // bytes that lie in one pseudo channel before the next one's turn
    Picoseconds idle_;                       // of an HBM access that finds nothing else
    std::array<std::int64_t, 2> carried_{};  // bytes of reads and writes since the last granule of this channel
    std::array<TimePoint, 2> last_{};        // when that granule was through
    TimePoint settled_{};
    CardMemoryStats stats_;
    TileTrace* trace_ = nullptr;
};

}  // namespace myriad
