// A stream of R bytes in and W bytes out is cut into chunks; a chunk is one tile of one step. The chunks that a core has
// under way are together as large as what its threads ask for at once (threads x loads_per_thread x access_bytes), so
// that a kernel with narrow loads is bound by latency, as it is. Reduced rows: a tile is a number of rows, read once to
// reduce and once more, from the cache, to finish; the result is written then. Vector time: flop at the core's rate and special functions at
// theirs, one after the other.

#include "models/tile/vector_program.h"

#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {
namespace {

constexpr std::int64_t kLeast = 512;         // bytes that are worth a core
constexpr std::int64_t kChunkLeast = 2048;   // unless so much is not under way
constexpr std::int64_t kTilesMax = 1 << 16;  // longer streams take several steps a tile
constexpr std::int64_t kResidentMax = 8;     // chunks under way in a core
constexpr std::int64_t kWideAccess = 16;

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
    const std::int64_t access = shape != nullptr ? shape->access_bytes : kWideAccess;
    const double in_flight = static_cast<double>(chip.tile.threads * access) * chip.tile.loads_per_thread;
    resident_ = std::clamp<std::int64_t>(static_cast<std::int64_t>(in_flight) / kChunkLeast, 2, kResidentMax);
    const std::int64_t chunk = std::max<std::int64_t>(1, static_cast<std::int64_t>(in_flight) / resident_);
    const std::int64_t streamed = std::max(read_, written_);
    tiles_ = std::clamp<std::int64_t>(streamed / chunk, std::min(cores_, total / kLeast), kTilesMax);
    if (rows > 0) {
        tiles_ = std::min(tiles_, rows);
        reduced_ = true;
    }
    tiles_ = std::max<std::int64_t>(tiles_, 1);
    steps_ = std::max<std::int64_t>(1, streamed / (tiles_ * chunk)) * (reduced_ ? 2 : 1);
}

std::uint64_t VectorProgram::footprint() const { return static_cast<std::uint64_t>(read_ + written_); }

std::string VectorProgram::plan() const { return fmt::format("{} B a chunk", (read_ + written_) / tiles_); }

std::int64_t VectorProgram::part(std::int64_t total, std::int64_t index, std::int64_t pieces) {
    const auto begin = static_cast<std::int64_t>(static_cast<Int128>(total) * index / pieces);
    const auto end = static_cast<std::int64_t>(static_cast<Int128>(total) * (index + 1) / pieces);
    return end - begin;
}

void VectorProgram::step(std::int64_t tile, std::int64_t step, TileStep& out) const {
    const std::int64_t reads = reduced_ ? steps_ / 2 : steps_;  // steps that read all of a tile once
    const std::int64_t pieces = tiles_ * reads;
    const std::int64_t piece = tile * reads + step % reads;
    if (read_ > 0) {
        const auto address = static_cast<std::uint64_t>(static_cast<Int128>(read_) * piece / pieces);
        out.add({address, Bytes{part(read_, piece, pieces)}, false, 1, reduced_});
    }
    out.work.vector = Picoseconds{part(work_.count(), tile * steps_ + step, tiles_ * steps_)};
}

void VectorProgram::end(std::int64_t tile, TileEnd& out) const {
    if (written_ > 0) {
        const auto address = static_cast<std::uint64_t>(
            read_ + static_cast<std::int64_t>(static_cast<Int128>(written_) * tile / tiles_));
        out.add({address, Bytes{part(written_, tile, tiles_)}, true, 1, false});
    }
}

}  // namespace myriad
