#pragma once
// A kernel as the cores see it: tiles, each a loop of steps that load blocks and compute on them, and an end that
// stores. Programs are generated, never stored: a step is made when a core comes to it. The kernel-free engine and the
// SystemC cores of the live level run the same programs.

#include "models/tile/block_access.h"
#include "models/tile_config.h"

#include <array>
#include <cstdint>
#include <string>

namespace myriad {

// Work of one step in the core that runs it.
struct StepWork {
    Picoseconds tensor{};  // on the matrix unit
    Picoseconds vector{};  // on the vector lanes and special units; not hidden by the tensor work of the same tile
};

// A step: what must have arrived before it can compute, and the work.
struct TileStep {
    static constexpr int kLoads = 8;
    std::array<BlockAccess, kLoads> loads;
    int load_count = 0;
    StepWork work;

    void add(const BlockAccess& access) { loads[static_cast<std::size_t>(load_count++)] = access; }
};

// After the last step of a tile: what is stored (a reduction across tiles may also load first).
using TileEnd = TileStep;

class TileProgram {
public:
    virtual ~TileProgram() = default;
    [[nodiscard]] virtual std::int64_t tiles() const = 0;
    [[nodiscard]] virtual std::int64_t steps(std::int64_t tile) const = 0;
    // `step` in [0, steps(tile)). Loads and work of the step.
    virtual void step(std::int64_t tile, std::int64_t step, TileStep& out) const = 0;
    // Work before the stores, and the stores (as write accesses).
    virtual void end(std::int64_t tile, TileEnd& out) const = 0;
    // How many cores may work on it, how many tiles one core holds at once, how many steps it loads ahead.
    [[nodiscard]] virtual std::int64_t cores() const = 0;
    [[nodiscard]] virtual std::int64_t tiles_per_core() const = 0;
    [[nodiscard]] virtual std::int64_t stages() const = 0;
    // From the dispatch of a tile to its first load.
    [[nodiscard]] virtual Picoseconds tile_start(const TileConfig& config) const { return config.tile_start; }
    // Tiles are turns of a loop in cores that stay, so they cost no dispatch.
    [[nodiscard]] virtual bool persistent() const { return false; }
    // Each of this many passes begins when the one before has finished everywhere (split-K's reduction): tiles of pass p
    // are [pass_begin(p), pass_begin(p + 1)).
    [[nodiscard]] virtual std::int64_t passes() const { return 1; }
    [[nodiscard]] virtual std::int64_t pass_begin(std::int64_t pass) const { return pass == 0 ? 0 : tiles(); }
    // In words: "128 x 256 x 64, split 2".
    [[nodiscard]] virtual std::string plan() const = 0;
    // Bytes of address space, from 0, that its operands take.
    [[nodiscard]] virtual std::uint64_t footprint() const = 0;
};

}  // namespace myriad
