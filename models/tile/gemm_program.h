#pragma once
// GEMM as tiles of C: each loops over k, loading a block of A and a block of B a step; whole tiles are computed even
// where C ends inside one. Split-K: several tiles share one tile of C, leave partial sums in fp32, and a second pass
// adds them. Grouped GEMM: one GEMM behind the other, each with rows and weights of its own.

#include "models/tile/core_rates.h"
#include "models/tile/tile_program.h"

#include <vector>

namespace myriad {

// How a GEMM is cut.
struct GemmPlan {
    GemmTile tile;
    std::int64_t splits = 1;
    std::int64_t resident = 1;  // tiles a core
};

class GemmProgram final : public TileProgram {
public:
    // `rows`: of every multiplication (all equal for a batch). `element`: bytes of an operand's element.
    struct Problem {
        std::vector<std::int64_t> rows;
        std::int64_t n = 0;
        std::int64_t k = 0;
        std::int64_t element = 2;
        std::int64_t output_element = 2;
        bool accumulate = false;
    };
    GemmProgram(const ChipConfig& chip, const CoreRates& rates, Problem problem, const GemmPlan& plan,
                std::int64_t steps_per_tile);

    [[nodiscard]] std::int64_t tiles() const override { return pass_begin(passes()); }
    [[nodiscard]] std::int64_t steps(std::int64_t tile) const override;
    void step(std::int64_t tile, std::int64_t step, TileStep& out) const override;
    void end(std::int64_t tile, TileEnd& out) const override;
    [[nodiscard]] std::int64_t cores() const override { return rates_.tensor_cores; }
    [[nodiscard]] std::int64_t tiles_per_core() const override { return plan_.resident; }
    [[nodiscard]] std::int64_t stages() const override { return stages_; }
    [[nodiscard]] std::int64_t passes() const override { return plan_.splits > 1 ? 2 : 1; }
    [[nodiscard]] std::int64_t pass_begin(std::int64_t pass) const override;
    [[nodiscard]] std::uint64_t footprint() const override { return end_; }
    [[nodiscard]] std::string plan() const override;

    // Time of the matrix unit for one tile and `depth` of k.
    [[nodiscard]] static Picoseconds product_time(const TileConfig& config, const CoreRates& rates,
                                                  const GemmTile& tile, std::int64_t depth, std::int64_t element);

private:
    // Where a tile lies: multiplication, row and column of tiles, part of k.
    struct Place {
        std::int64_t group;
        std::int64_t row;
        std::int64_t column;
        std::int64_t split;
    };
    [[nodiscard]] Place place(std::int64_t tile) const;
    [[nodiscard]] std::int64_t rows_of(const Place& place) const;
    [[nodiscard]] std::int64_t columns_of(const Place& place) const;
    [[nodiscard]] std::int64_t depth(std::int64_t split, std::int64_t step) const;
    [[nodiscard]] std::int64_t steps_of_split(std::int64_t split) const;
    [[nodiscard]] std::uint64_t partial_address(std::int64_t tile_of_c, std::int64_t part, std::int64_t split) const;
    void reduction_step(std::int64_t index, std::int64_t step, TileStep& out) const;
    [[nodiscard]] Bytes part_bytes(const Place& at) const;

    const TileConfig& config_;
    CoreRates rates_;
    Problem problem_;
    GemmPlan plan_;
    std::int64_t chunk_ = 0;   // of k that a step loads
    std::int64_t chunks_ = 0;  // of k in all
    std::int64_t stages_ = 2;
    std::int64_t columns_ = 0;              // tiles of n
    std::int64_t band_ = 1;                 // rows of tiles that are walked together
    std::int64_t parts_ = 1;                // of a tile of C, for the reduction
    std::vector<std::int64_t> first_tile_;  // of each multiplication, per split; one more: all
    std::vector<std::int64_t> first_row_;   // row of tiles
    std::uint64_t b_ = 0;
    std::uint64_t c_ = 0;
    std::uint64_t partials_ = 0;
    std::uint64_t end_ = 0;
};

}  // namespace myriad
