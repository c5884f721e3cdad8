#pragma once
// What the tile and live levels need of a chip beyond its peaks: how cores reach memory and how kernels are cut. Read
// from the `tile` section of a chip file; every value there has its status and source.

#include "sim/units/units.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

// A tile of C and the depth of k that one stage of the loop loads. The library's candidates; the cheapest by the
// planner's estimate is taken.
struct GemmTile {
    std::int64_t m = 128;
    std::int64_t n = 128;
    std::int64_t k = 64;
};

struct TileConfig {
    std::string name;  // of the core file
    std::vector<GemmTile> gemm_tiles;
    // Native matrix instruction in elements of 16 bits; a tile's edges are computed in whole instructions.
    std::int64_t instruction_m = 16;
    std::int64_t instruction_n = 16;
    std::int64_t instruction_k = 16;
    // What one issuing unit (warp, warp group) multiplies at most; it decides how often local memory is read.
    std::int64_t fragment_m = 64;
    std::int64_t fragment_n = 64;
    std::int64_t fragments = 2;            // along each edge of a tile at least, if the instruction allows
    double local_bytes_per_cycle = 128.0;  // local memory, a core
    double tensor_efficiency = 1.0;  // share of the tensor peak inside the main loop of a GEMM: issue, clock under load
    double tensor_efficiency_8bit = 1.0;     // the same for types of 8 bits
    double attention_efficiency = 1.0;       // the same for the two products of attention
    double attention_grad_efficiency = 1.0;  // of the five products of its gradient
    double softmax_overlap = 0.0;            // share of softmax that hides behind the products, 0 to 1
    std::int64_t attention_queries = 128;    // tile of attention
    std::int64_t attention_keys = 64;
    std::int64_t attention_tiles_per_core = 1;
    bool longest_first = false;       // tiles of causal attention are dispatched by length, not by place
    bool splits_ungrouped = true;     // decode splits the keys also where every query head has keys of its own
    std::int64_t decode_rows = 64;    // of queries that a tile of decode computes at least
    double special_per_cycle = 16.0;  // exponentials a core and cycle
    std::int64_t threads = 2048;      // of a core, all resident
    double loads_per_thread = 2.0;    // that an element-wise kernel keeps under way
    std::int64_t stages = 3;          // of the multi-buffered loop
    std::int64_t cluster = 1;         // cores that load a shared block once (multicast)
    std::int64_t tiles_per_core = 1;  // resident at once, for GEMM and attention
    BytesPerSecond core_port;         // one core, reads from L2
    BytesPerSecond cache;             // last-level cache, all slices, reads
    std::int64_t slices = 1;          // of the last-level cache
    double cache_share = 1.0;      // share of the capacity that data used by all cores has (two halves that copy: 0.5)
    Picoseconds cache_latency{};   // core to cache and back
    Picoseconds memory_latency{};  // further to HBM and back, beside what the HBM model takes
    Picoseconds tile_start{};      // from the dispatch of a tile to its first load
    Picoseconds attention_tile_start{};  // the same for attention: its scheduler, and queries come before keys
    Picoseconds tile_end{};              // from its last product to its first store
    Picoseconds pass_gap{};              // from the last store of one pass of a kernel to the first tile of the next
    Picoseconds kernel_start{};  // from the launch of a kernel to the first tile's dispatch, beside launch_latency
    Picoseconds kernel_end{};    // from the last store to the next kernel's launch
};

}  // namespace myriad
