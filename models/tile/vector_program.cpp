// A stream of R bytes in and W bytes out is cut into chunks of about kChunk bytes (never less than a chunk a core while
// there is less than that); a chunk is one tile of one step. Reduced rows: a tile is a whole number of rows and its
// result is written when the last of its bytes has come. Vector time: flop at the core's rate and special functions at
// theirs, one after the other.

#include "models/tile/vector_program.h"

#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {
namespace {

constexpr std::int64_t kChunk = 8192;        // bytes in and out
constexpr std::int64_t kLeast = 512;         // bytes that are worth a core
constexpr std::int64_t kTilesMax = 1 << 16;  // larger streams take larger chunks
constexpr std::int64_t kResident = 4;        // chunks in flight in a core

}  // namespace

VectorProgram::VectorProgram(const ChipConfig& chip, const CoreRates& rates, const Kernel& kernel)
    : cores_(chip.cores), read_(kernel.read.count()), written_(kernel.written.count()) {
    const std::int64_t total = read_ + written_;
    MYRIAD_CHECK(total > 0 || kernel.work.count() > 0, "an empty kernel");
    const auto* shape = std::get_if<VectorShape>(&kernel.shape);
    double special = 0.0;
    std::int64_t rows = 0;
    if (shape != nullptr) {
        special = shape->special * static_cast<double>(shape->rows) * static_cast<double>(shape->width);
        rows = shape->row_reduction ? shape->rows : 0;
    }
    work_ = time_of(kernel.work.count(), rates.vector.count()) + time_of(special, rates.special);
    tiles_ = std::clamp<std::int64_t>(total / kChunk, std::min(cores_, total / kLeast), kTilesMax);
    if (rows > 0) {
        tiles_ = std::min(tiles_, rows);
        steps_ = std::clamp<std::int64_t>(read_ / std::max<std::int64_t>(tiles_, 1) / kChunk, 1, 64);
    }
    tiles_ = std::max<std::int64_t>(tiles_, 1);
}

std::int64_t VectorProgram::tiles_per_core() const { return kResident; }

std::uint64_t VectorProgram::footprint() const { return static_cast<std::uint64_t>(read_ + written_); }

std::string VectorProgram::plan() const { return fmt::format("{} B a chunk", (read_ + written_) / tiles_); }

std::int64_t VectorProgram::part(std::int64_t total, std::int64_t index, std::int64_t pieces) {
    const auto begin = static_cast<std::int64_t>(static_cast<Int128>(total) * index / pieces);
    const auto end = static_cast<std::int64_t>(static_cast<Int128>(total) * (index + 1) / pieces);
    return end - begin;
}

void VectorProgram::step(std::int64_t tile, std::int64_t step, TileStep& out) const {
    const std::int64_t pieces = tiles_ * steps_;
    const std::int64_t piece = tile * steps_ + step;
    if (read_ > 0) {
        const auto address = static_cast<std::uint64_t>(static_cast<Int128>(read_) * piece / pieces);
        out.add({address, Bytes{part(read_, piece, pieces)}, false, 1, false});
    }
    out.work.vector = Picoseconds{part(work_.count(), piece, pieces)};
}

void VectorProgram::end(std::int64_t tile, TileEnd& out) const {
    if (written_ > 0) {
        const auto address = static_cast<std::uint64_t>(
            read_ + static_cast<std::int64_t>(static_cast<Int128>(written_) * tile / tiles_));
        out.add({address, Bytes{part(written_, tile, tiles_)}, true, 1, false});
    }
}

}  // namespace myriad
