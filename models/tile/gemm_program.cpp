// Order of tiles: bands of rows, columns inside a band, rows inside a column, so that the tiles which run at one time
// cover a near-square piece of C and share their blocks in the cache (a library's swizzle). Blocks lie one behind the
// other in k; edges load what there is.
// Time of a step: the greater of the product at the core's rate x tensor_efficiency, in whole instructions, and the
// reads of local memory by its fragments.

#include "models/tile/gemm_program.h"

#include "models/tile/ceil_div.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace myriad {
namespace {

constexpr std::int64_t kPartialBytes = 4;    // fp32
constexpr std::int64_t kPartsMax = 8;        // of a tile of C in the reduction
constexpr double kEndOperations = 2.0;       // vector operations an element of C: scale, convert
constexpr std::int64_t kReductionSteps = 4;  // partial sums that a step of the reduction loads

}  // namespace

Picoseconds GemmProgram::product_time(const TileConfig& config, const CoreRates& rates, const GemmTile& tile,
                                      std::int64_t depth, std::int64_t element) {
    const std::int64_t k_instruction = config.instruction_k * 2 / std::max<std::int64_t>(element, 1);
    const std::int64_t m = ceil_div(tile.m, config.instruction_m) * config.instruction_m;
    const std::int64_t n = ceil_div(tile.n, config.instruction_n) * config.instruction_n;
    const std::int64_t k = ceil_div(depth, k_instruction) * k_instruction;
    const double product = 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
    const Picoseconds compute = time_of(
        product, rates.tensor.count() * (element == 1 ? config.tensor_efficiency_8bit : config.tensor_efficiency));
    const auto fragment = [&config](std::int64_t edge, std::int64_t most, std::int64_t instruction) {
        return std::min(most, std::max(edge / config.fragments, std::min(instruction, edge)));
    };
    const auto fm = static_cast<double>(fragment(m, config.fragment_m, config.instruction_m));
    const auto fn = static_cast<double>(fragment(n, config.fragment_n, config.instruction_n));
    const double reads = static_cast<double>(m * n) * (fm + fn) / (fm * fn) * static_cast<double>(k * element);
    return std::max(compute, time_of(reads, rates.local));
}

GemmProgram::GemmProgram(const ChipConfig& chip, const CoreRates& rates, Problem problem, const GemmPlan& plan,
                         std::int64_t steps_per_tile)
    : config_(chip.tile), rates_(rates), problem_(std::move(problem)), plan_(plan) {
    MYRIAD_CHECK(problem_.n > 0 && problem_.k > 0 && !problem_.rows.empty() && plan.splits > 0, "an empty GEMM");
    const GemmTile& tile = plan_.tile;  // its k is in bytes of 16-bit elements
    const std::int64_t tile_k = std::max<std::int64_t>(1, tile.k * 2 / problem_.element);
    const std::int64_t k_steps = ceil_div(ceil_div(problem_.k, plan_.splits), tile_k);
    chunk_ = tile_k * ceil_div(k_steps, steps_per_tile);
    chunks_ = ceil_div(problem_.k, chunk_);
    plan_.splits = std::min(plan_.splits, chunks_);
    stages_ = std::max<std::int64_t>(2, config_.stages * tile_k / chunk_);
    columns_ = ceil_div(problem_.n, tile.n);
    first_tile_ = {0};
    first_row_ = {0};
    for (const std::int64_t rows : problem_.rows) {
        const std::int64_t tile_rows = ceil_div(rows, tile.m);
        first_row_.push_back(first_row_.back() + tile_rows);
        first_tile_.push_back(first_tile_.back() + tile_rows * columns_);
    }
    const double at_once = static_cast<double>(rates_.tensor_cores * plan_.resident);
    band_ = std::max<std::int64_t>(
        1, std::llround(std::sqrt(at_once * static_cast<double>(tile.n) / static_cast<double>(tile.m))));
    const std::int64_t c_tiles = first_tile_.back();
    parts_ = std::clamp<std::int64_t>(ceil_div(rates_.tensor_cores, std::max<std::int64_t>(c_tiles, 1)), 1,
                                      std::min(kPartsMax, tile.m));
    const auto groups = static_cast<std::uint64_t>(problem_.rows.size());
    const auto block = [&](std::int64_t edge) { return static_cast<std::uint64_t>(edge * chunk_ * problem_.element); };
    b_ = static_cast<std::uint64_t>(first_row_.back() * chunks_) * block(tile.m);
    c_ = b_ + groups * static_cast<std::uint64_t>(columns_ * chunks_) * block(tile.n);
    partials_ = c_ + static_cast<std::uint64_t>(c_tiles * tile.m * tile.n * problem_.output_element);
    end_ = partials_;
    if (plan_.splits > 1) {
        end_ += static_cast<std::uint64_t>(c_tiles * plan_.splits * tile.m * tile.n * kPartialBytes);
    }
}

std::string GemmProgram::plan() const {
    std::string text = fmt::format("{} x {} x {}", plan_.tile.m, plan_.tile.n, plan_.tile.k);
    return plan_.splits > 1 ? text + fmt::format(", k split in {}", plan_.splits) : text;
}

std::int64_t GemmProgram::pass_begin(std::int64_t pass) const {
    const std::int64_t c_tiles = first_tile_.back();
    return pass == 0 ? 0 : c_tiles * plan_.splits + (pass > 1 ? c_tiles * parts_ : 0);
}

GemmProgram::Place GemmProgram::place(std::int64_t tile) const {
    const std::int64_t c_tiles = first_tile_.back();
    Place at{};
    at.split = tile / c_tiles;
    const std::int64_t index = tile % c_tiles;
    const auto group = std::upper_bound(first_tile_.begin(), first_tile_.end(), index) - 1;
    at.group = group - first_tile_.begin();
    const std::int64_t inside = index - *group;
    const std::int64_t tile_rows = (group[1] - group[0]) / columns_;
    const std::int64_t band = inside / (band_ * columns_);
    const std::int64_t height = std::min(band_, tile_rows - band * band_);
    const std::int64_t rest = inside - band * band_ * columns_;
    at.row = band * band_ + rest % height;
    at.column = rest / height;
    return at;
}

std::int64_t GemmProgram::rows_of(const Place& at) const {
    return std::min(plan_.tile.m, problem_.rows[static_cast<std::size_t>(at.group)] - at.row * plan_.tile.m);
}

std::int64_t GemmProgram::columns_of(const Place& at) const {
    return std::min(plan_.tile.n, problem_.n - at.column * plan_.tile.n);
}

std::int64_t GemmProgram::steps_of_split(std::int64_t split) const {
    return chunks_ * (split + 1) / plan_.splits - chunks_ * split / plan_.splits;
}

std::int64_t GemmProgram::depth(std::int64_t split, std::int64_t step) const {
    const std::int64_t chunk = chunks_ * split / plan_.splits + step;
    return std::min(chunk_, problem_.k - chunk * chunk_);
}

std::int64_t GemmProgram::steps(std::int64_t tile) const {
    if (tile >= pass_begin(1) && plan_.splits > 1) {
        return ceil_div(plan_.splits, kReductionSteps);
    }
    return steps_of_split(tile / first_tile_.back());
}

void GemmProgram::step(std::int64_t tile, std::int64_t step, TileStep& out) const {
    if (tile >= pass_begin(1) && plan_.splits > 1) {
        reduction_step(tile - pass_begin(1), step, out);
        return;
    }
    const Place at = place(tile);
    const std::int64_t chunk = chunks_ * at.split / plan_.splits + step;
    const std::int64_t k = depth(at.split, step);
    const std::int64_t row = first_row_[static_cast<std::size_t>(at.group)] + at.row;
    const std::int64_t column = at.group * columns_ + at.column;
    const std::int64_t element = problem_.element;
    const auto address = [&](std::uint64_t base, std::int64_t block, std::int64_t edge) {
        return base + static_cast<std::uint64_t>((block * chunks_ + chunk) * edge * chunk_ * element);
    };
    const Bytes a_bytes{rows_of(at) * k * element};
    const Bytes b_bytes{columns_of(at) * k * element};
    // A cluster of neighbours shares the wider block, if there are neighbours along the other edge.
    const auto cluster = static_cast<std::uint8_t>(config_.cluster);
    const bool share_b = plan_.tile.n >= plan_.tile.m;
    const std::uint8_t a_sharers = !share_b && columns_ >= config_.cluster ? cluster : std::uint8_t{1};
    const std::uint8_t b_sharers = share_b && first_row_.back() >= config_.cluster ? cluster : std::uint8_t{1};
    out.add({address(0, row, plan_.tile.m), a_bytes, false, a_sharers, columns_ > 1});
    out.add({address(b_, column, plan_.tile.n), b_bytes, false, b_sharers, first_row_.back() > 1});
    if (rates_.support.on_tensor) {
        out.work.tensor = product_time(config_, rates_, plan_.tile, k, rates_.support.cast ? 2 : element);
    } else {
        out.work.tensor = time_of(2.0 * static_cast<double>(plan_.tile.m * plan_.tile.n * k), rates_.tensor.count());
    }
    if (rates_.support.cast) {
        out.work.vector = time_of(static_cast<double>(a_bytes.count() + b_bytes.count()), rates_.vector.count());
    }
}

Bytes GemmProgram::part_bytes(const Place& at) const {
    return Bytes{rows_of(at) * columns_of(at) * kPartialBytes / parts_};
}

std::uint64_t GemmProgram::partial_address(std::int64_t tile_of_c, std::int64_t part, std::int64_t split) const {
    const std::int64_t block = (tile_of_c * parts_ + part) * plan_.splits + split;
    return partials_ + static_cast<std::uint64_t>(block * (plan_.tile.m * plan_.tile.n * kPartialBytes / parts_));
}

void GemmProgram::reduction_step(std::int64_t index, std::int64_t step, TileStep& out) const {
    const std::int64_t tile_of_c = index / parts_;
    const Bytes bytes = part_bytes(place(tile_of_c));
    const std::int64_t first = step * kReductionSteps;
    const std::int64_t last = std::min(plan_.splits, first + kReductionSteps);
    for (std::int64_t split = first; split < last; ++split) {
        out.add({partial_address(tile_of_c, index % parts_, split), bytes, false, 1, false});
    }
    out.work.vector =
        time_of(static_cast<double>((last - first) * bytes.count() / kPartialBytes), rates_.vector.count());
}

void GemmProgram::end(std::int64_t tile, TileEnd& out) const {
    const std::int64_t c_tiles = first_tile_.back();
    const bool reducing = plan_.splits > 1 && tile >= pass_begin(1);
    const std::int64_t tile_of_c = reducing ? (tile - pass_begin(1)) / parts_ : tile % c_tiles;
    const Place at = place(tile_of_c);
    const auto elements = static_cast<double>(rows_of(at) * columns_of(at));
    if (plan_.splits > 1 && !reducing) {
        for (std::int64_t part = 0; part < parts_; ++part) {
            out.add({partial_address(tile_of_c, part, tile / c_tiles), part_bytes(at), true, 1, true});
        }
        out.work.vector = time_of(elements, rates_.vector.count());
        return;
    }
    const std::int64_t parts = reducing ? parts_ : 1;
    const Bytes bytes{rows_of(at) * columns_of(at) * problem_.output_element / parts};
    const std::int64_t part = reducing ? (tile - pass_begin(1)) % parts_ : 0;
    const std::uint64_t address =
        c_ + static_cast<std::uint64_t>((tile_of_c * parts + part) *
                                        (plan_.tile.m * plan_.tile.n * problem_.output_element / parts));
    if (problem_.accumulate) {
        out.add({address, bytes, false, 1, false});
    }
    out.add({address, bytes, true, 1, true});
    out.work.vector = time_of(kEndOperations * elements / static_cast<double>(parts), rates_.vector.count());
}

}  // namespace myriad
