// What a library's heuristic does: an estimate in closed form for every tile of its list and every split of k, the least
// is taken. The estimate of a plan is the greatest of
//   products   turns of the busiest core x time of one tile's products
//   ports      the same with the bytes of a tile through the core's port
//   cache      bytes that all tiles ask of the cache
//   HBM        every operand once
//   latency    what a tile has under way arrives once in a round trip to memory
// and adds the fill and the end of a tile for every turn that no other tile of the core hides, and the second pass of
// split-K.

#include "models/tile/ceil_div.h"
#include "models/tile/make_program.h"

#include <algorithm>
#include <array>

namespace myriad {
namespace {

constexpr std::array<std::int64_t, 12> kSplits{1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32};
constexpr std::int64_t kAccumulatorBytes = 128 * 1024;  // of registers that hold C, in all tiles of a core

std::int64_t resident_tiles(const ChipConfig& chip, const GemmTile& tile) {
    const std::int64_t by_registers = kAccumulatorBytes / (tile.m * tile.n * 4);
    const std::int64_t buffers =
        chip.tile.stages * (tile.m + tile.n) * tile.k * 2;  // bytes of a stage do not depend on the type
    const std::int64_t by_memory = chip.local_memory.count() / buffers;
    return std::clamp<std::int64_t>(std::min(by_registers, by_memory), 1, chip.tile.tiles_per_core);
}

struct Estimate {
    const ChipConfig& chip;
    const CoreRates& rates;
    const GemmProgram::Problem& problem;

    [[nodiscard]] double seconds_of(const GemmPlan& plan) const {
        const GemmTile& tile = plan.tile;
        const TileConfig& config = chip.tile;
        std::int64_t c_tiles = 0;
        std::int64_t rows = 0;
        for (const std::int64_t r : problem.rows) {
            c_tiles += ceil_div(r, tile.m) * ceil_div(problem.n, tile.n);
            rows += r;
        }
        const auto groups = static_cast<double>(problem.rows.size());
        const auto tiles = static_cast<double>(c_tiles * plan.splits);
        const std::int64_t turns = ceil_div(c_tiles * plan.splits, rates.tensor_cores);
        const std::int64_t depth = ceil_div(problem.k, plan.splits);
        const double product = seconds(GemmProgram::product_time(config, rates, tile, depth, problem.element));
        const auto tile_bytes =
            static_cast<double>((std::min(tile.m, rows) + std::min(tile.n, problem.n)) * depth * problem.element);
        const double edge_m = static_cast<double>(std::min(tile.m, rows));
        const double edge_n = static_cast<double>(std::min(tile.n, problem.n));
        const double cluster = static_cast<double>(config.cluster);
        const double shared_edges = tile.n >= tile.m ? edge_m + edge_n / cluster : edge_m / cluster + edge_n;
        const double asked = shared_edges / (edge_m + edge_n);  // of the cache, by all that goes through the ports
        const double attained = static_cast<double>(chip.hbm.bandwidth.count()) * chip.hbm.efficiency;
        const double k_bytes = static_cast<double>(problem.k * problem.element);
        const double hbm = ((static_cast<double>(rows) + groups * static_cast<double>(problem.n)) * k_bytes +
                            static_cast<double>(rows * problem.n * problem.output_element)) /
                           attained;
        const std::int64_t tile_k = std::max<std::int64_t>(1, tile.k * 2 / problem.element);
        const double round_trip = seconds(config.cache_latency + config.memory_latency);
        const double waited = static_cast<double>(ceil_div(turns, plan.resident) * ceil_div(depth, tile_k)) *
                              round_trip / static_cast<double>(config.stages);
        const double cores_busy =
            std::max({waited, static_cast<double>(turns) * product,
                      static_cast<double>(turns) * tile_bytes / static_cast<double>(config.core_port.count()),
                      tiles * tile_bytes * asked / static_cast<double>(config.cache.count()), hbm});
        const double edge = seconds(config.cache_latency + config.memory_latency + config.tile_start + config.tile_end);
        const double exposed = static_cast<double>(ceil_div(turns, plan.resident)) * edge;
        double reduction = 0.0;
        if (plan.splits > 1) {
            const double partials = tiles * static_cast<double>(tile.m * std::min(tile.n, problem.n)) * 4.0;
            reduction = 2.0 * partials / static_cast<double>(config.cache.count()) + edge + seconds(config.pass_gap);
        }
        return cores_busy + exposed + reduction;
    }
};

}  // namespace

GemmPlan choose_gemm_plan(const ChipConfig& chip, const CoreRates& rates, const GemmProgram::Problem& problem) {
    const Estimate estimate{chip, rates, problem};
    GemmPlan best;
    double least = 0.0;
    for (const GemmTile& tile : chip.tile.gemm_tiles) {
        for (const std::int64_t splits : kSplits) {
            if (splits > 1 && (problem.rows.size() > 1 || problem.k / splits < 4 * tile.k)) {
                continue;
            }
            const GemmPlan plan{tile, splits, resident_tiles(chip, tile)};
            const double time = estimate.seconds_of(plan);
            if (least == 0.0 || time < least) {
                least = time;
                best = plan;
            }
        }
    }
    return best;
}

}  // namespace myriad
