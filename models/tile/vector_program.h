#pragma once
// Element-wise kernels, norms, softmax, copies, the optimizer: cores that walk over chunks of a stream, or over whole
// rows where a row is reduced.

#include "models/tile/core_rates.h"
#include "models/tile/tile_program.h"

namespace myriad {

class VectorProgram final : public TileProgram {
public:
    VectorProgram(const ChipConfig& chip, const CoreRates& rates, const Kernel& kernel);

    [[nodiscard]] std::int64_t tiles() const override { return tiles_; }
    [[nodiscard]] std::int64_t steps(std::int64_t) const override { return steps_; }
    void step(std::int64_t tile, std::int64_t step, TileStep& out) const override;
    void end(std::int64_t tile, TileEnd& out) const override;
    [[nodiscard]] std::int64_t cores() const override { return cores_; }
    [[nodiscard]] std::int64_t tiles_per_core() const override { return resident_; }
    [[nodiscard]] std::int64_t stages() const override { return 1; }
    [[nodiscard]] bool persistent() const override { return true; }
    [[nodiscard]] std::uint64_t footprint() const override;
    [[nodiscard]] std::string plan() const override;

private:
    // The part of `total` that belongs to piece `index` of `pieces`; parts add up to the total.
    [[nodiscard]] static std::int64_t part(std::int64_t total, std::int64_t index, std::int64_t pieces);

    std::int64_t cores_ = 0;
    std::int64_t tiles_ = 0;
    std::int64_t steps_ = 1;
    std::int64_t resident_ = 1;
    bool reduced_ = false;
    std::int64_t read_ = 0;
    std::int64_t written_ = 0;
    Picoseconds work_{};  // of all
};

}  // namespace myriad
