#pragma once
// What a card is made of, as read from configs/chips/. The YAML reader (app/) fills it; every card level (roofline now)
// reads the same struct. Links are not here: they belong to the interconnect (ChipLinksConfig).

#include "models/card.h"
#include "models/hbm/hbm_timing.h"
#include "models/tile_config.h"
#include "sim/units/units.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace myriad {

inline constexpr std::size_t kDataTypes = 6;

// One rate per data type; 0 means that the unit has no native form of the type.
struct PeakTable {
    std::array<FlopPerSecond, kDataTypes> rates{};
    [[nodiscard]] FlopPerSecond of(DataType type) const { return rates[static_cast<std::size_t>(type)]; }
    void set(DataType type, FlopPerSecond rate) { rates[static_cast<std::size_t>(type)] = rate; }
};

struct HbmConfig {
    std::string type;  // "HBM2e"
    int stacks = 0;
    Bytes capacity;
    BytesPerSecond bandwidth;  // of all stacks, peak
    double efficiency = 1.0;   // streaming share of the peak that is reached, at roofline level
    HbmPreset preset;          // banks and timing of a stack, at the data rate that `bandwidth` asks for
};

// What a collective in progress takes from the card that it runs on.
struct CommunicationConfig {
    int cores = 0;  // occupied by each collective in progress; 0: DMA engines move everything
    // HBM bytes that a byte costs which arrives to be added, beyond its being written and, later, read to be sent on: 1
    // where one kernel receives, adds and sends; 3 where the sum is formed in memory.
    int reduction_bytes = 0;
};

struct ChipConfig {
    std::string name;
    int cores = 0;         // compute units or SMs: vector work, loads and stores
    int matrix_cores = 0;  // cores whose matrix units are usable; fewer than `cores` on Zhenwu 810E
    Hertz clock;
    PeakTable tensor;                // dense peak of the matrix units
    PeakTable vector;                // peak of the vector lanes
    double gemm_efficiency = 1.0;    // share of `tensor` that a large GEMM reaches
    double vector_efficiency = 1.0;  // share of `vector` that an elementwise kernel reaches when not memory bound
    HbmConfig hbm;
    Bytes local_memory;          // shared memory (scratchpad) per core
    Bytes l2;                    // in all
    Bytes last_level_cache;      // behind L2; 0: none
    Picoseconds launch_latency;  // from one kernel of a stream to the next
    Watts tdp;
    TileConfig tile;
    CommunicationConfig communication;
    UsDollarsPerHour rent;  // per card; 0: not known
};

}  // namespace myriad
