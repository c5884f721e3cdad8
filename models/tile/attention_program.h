#pragma once
// Fused attention as tiles: a tile holds a block of queries of one head and walks along the keys; a step loads a block
// of K and of V, multiplies, takes the softmax, multiplies. With one query a sequence (decode) the query heads of one
// key-value head share a tile, and the keys are split over several tiles whose results a second pass combines.
// Backward: a tile holds a block of keys and walks along the queries, five products a step.

#include "models/tile/core_rates.h"
#include "models/tile/tile_program.h"

namespace myriad {

class AttentionProgram final : public TileProgram {
public:
    AttentionProgram(const ChipConfig& chip, const CoreRates& rates, const AttentionShape& shape, std::int64_t element,
                     std::int64_t steps_per_tile);

    [[nodiscard]] std::int64_t tiles() const override { return pass_begin(passes()); }
    [[nodiscard]] std::int64_t steps(std::int64_t tile) const override;
    void step(std::int64_t tile, std::int64_t step, TileStep& out) const override;
    void end(std::int64_t tile, TileEnd& out) const override;
    [[nodiscard]] std::int64_t cores() const override { return rates_.tensor_cores; }
    [[nodiscard]] std::int64_t tiles_per_core() const override { return resident_; }
    [[nodiscard]] std::int64_t stages() const override { return 2; }
    [[nodiscard]] std::int64_t passes() const override { return splits_ > 1 ? 2 : 1; }
    [[nodiscard]] std::int64_t pass_begin(std::int64_t pass) const override;
    [[nodiscard]] Picoseconds tile_start(const TileConfig& config) const override {
        return config.attention_tile_start;
    }
    [[nodiscard]] std::uint64_t footprint() const override { return end_; }
    [[nodiscard]] std::string plan() const override;

private:
    struct Place {
        std::int64_t sequence;
        std::int64_t head;   // of what a tile is made for: query heads, or key-value heads when packed
        std::int64_t block;  // of queries, of keys (backward), or the split
    };
    [[nodiscard]] Place place(std::int64_t tile) const;
    // Keys (backward: queries) that the tile walks along: [begin, end).
    struct Range {
        std::int64_t begin;
        std::int64_t end;
    };
    [[nodiscard]] Range range(const Place& at) const;
    [[nodiscard]] StepWork work(std::int64_t walked) const;
    void lay_out();
    void choose_splits();
    void combine_step(TileStep& out) const;
    [[nodiscard]] std::int64_t outer() const { return shape_.backward ? shape_.keys : shape_.queries; }

    const TileConfig& config_;
    CoreRates rates_;
    AttentionShape shape_;
    std::int64_t element_;
    bool packed_ = false;      // heads of a group share a tile (decode)
    std::int64_t heads_ = 0;   // tiles along heads
    std::int64_t held_ = 0;    // rows that a tile holds: queries, or keys in backward
    std::int64_t blocks_ = 0;  // tiles along queries (keys in backward)
    std::int64_t walk_ = 0;    // keys (queries) of a step
    std::int64_t splits_ = 1;  // of the keys
    std::int64_t resident_ = 1;
    std::uint64_t key_value_ = 0;  // where the operands begin
    std::uint64_t output_ = 0;
    std::uint64_t partials_ = 0;
    std::uint64_t end_ = 0;
};

}  // namespace myriad
