#pragma once
// What the tile level says of one kernel alone on one card.

#include "models/tile/tile_trace.h"
#include "sim/units/units.h"

#include <cstdint>
#include <string>

namespace myriad {

// The resource that was busy for the greatest share of the kernel; `launch` when starting took longer than running,
// `latency` when nothing was busy for half of it (too little work to fill the card).
enum class KernelLimit : std::uint8_t { tensor, vector, hbm, cache, core_port, launch, latency };
[[nodiscard]] std::string_view name_of(KernelLimit limit);

struct KernelResult {
    Picoseconds total{};   // launch and body: what a stream sees
    Picoseconds launch{};  // launches and their start and end
    Picoseconds body{};    // from the first tile's dispatch to the last store
    Flop work;
    Bytes hbm_read;
    Bytes hbm_written;
    Bytes cache_read;  // asked of the cache by cores
    Bytes cache_hit;   // of those, found there
    std::int64_t tiles = 0;
    std::int64_t cores = 0;  // that worked
    double waves = 0.0;      // tiles / (cores x tiles a core), not rounded
    std::string plan;        // "128 x 256 x 64, split 2"
    // Shares of the body.
    double tensor_busy = 0.0;  // mean over the cores that may work on it
    double vector_busy = 0.0;
    double hbm_busy = 0.0;  // data bus, of a channel
    double cache_busy = 0.0;
    double port_busy = 0.0;     // mean over cores
    double row_hit_rate = 0.0;  // bursts that found their row open
    double refresh = 0.0;       // share of the time that a channel refreshed
    KernelLimit limit = KernelLimit::latency;
    std::uint64_t events = 0;
};

}  // namespace myriad
