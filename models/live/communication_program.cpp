// Chunks of a shard begin at whole chunks; shard r of a buffer begins at floor(r x size / ranks), rounded down to whole
// elements. A step loads a chunk of at most eight ranks (TileStep::kLoads).

#include "models/live/communication_program.h"

#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {
namespace {

constexpr std::int64_t kElement = 2;  // bytes: bf16 or fp16

}  // namespace

AllReduceProgram::AllReduceProgram(const CoreRates& rates, std::vector<CardId> cards, std::int64_t rank,
                                   const Buffers& buffers, std::int64_t cores)
    : CommunicationProgram(cores), rates_(rates), cards_(std::move(cards)), rank_(rank), buffers_(buffers), chunks_(0) {
    MYRIAD_CHECK(ranks() > 1 && buffers.size.count() >= ranks() * kElement, "every rank has an element to reduce");
    for (std::int64_t r = 0; r < ranks(); ++r) {
        chunks_ = std::max(chunks_, chunks_of(r));
    }
}

std::int64_t AllReduceProgram::shard_begin(std::int64_t rank) const {
    const std::int64_t elements = buffers_.size.count() / kElement;
    if (rank == ranks()) {
        return buffers_.size.count();
    }
    return static_cast<std::int64_t>(static_cast<Int128>(elements) * rank / ranks()) * kElement;
}

std::int64_t AllReduceProgram::chunks_of(std::int64_t rank) const {
    return (shard_begin(rank + 1) - shard_begin(rank) + kChunk - 1) / kChunk;
}

AllReduceProgram::Piece AllReduceProgram::piece(std::int64_t rank, std::int64_t chunk) const {
    const std::int64_t begin = shard_begin(rank) + chunk * kChunk;
    return {static_cast<std::uint64_t>(begin), std::min(kChunk, shard_begin(rank + 1) - begin)};
}

std::uint64_t AllReduceProgram::at(std::int64_t rank, std::uint64_t address) const {
    return rank == rank_ ? address : address_on(cards_[static_cast<std::size_t>(rank)], address);
}

std::int64_t AllReduceProgram::pass_begin(std::int64_t pass) const {
    if (pass == 0) {
        return 0;
    }
    const std::int64_t reduced = chunks_of(rank_);
    return pass == 1 ? reduced : reduced + chunks_ * (ranks() - 1);
}

std::int64_t AllReduceProgram::steps(std::int64_t tile) const {
    return tile < pass_begin(1) ? (ranks() + TileStep::kLoads - 1) / TileStep::kLoads : 1;
}

std::pair<std::int64_t, std::int64_t> AllReduceProgram::gathered(std::int64_t tile) const {
    const std::int64_t index = tile - pass_begin(1);
    return {(rank_ + 1 + index % (ranks() - 1)) % ranks(), index / (ranks() - 1)};
}

void AllReduceProgram::step(std::int64_t tile, std::int64_t step, TileStep& out) const {
    if (tile < pass_begin(1)) {
        const Piece part = piece(rank_, tile);
        const std::int64_t first = step * TileStep::kLoads;
        const std::int64_t last = std::min<std::int64_t>(ranks(), first + TileStep::kLoads);
        for (std::int64_t i = first; i < last; ++i) {
            const std::int64_t rank = (rank_ + 1 + i) % ranks();
            out.add({at(rank, buffers_.input + part.offset), Bytes{part.bytes}, false, 1, false});
        }
        const auto additions = static_cast<double>((last - first) * part.bytes / kElement);
        out.work.vector = time_of(additions, rates_.vector.count());
        return;
    }
    const auto [rank, chunk] = gathered(tile);
    if (chunk < chunks_of(rank)) {
        const Piece part = piece(rank, chunk);
        out.add({at(rank, buffers_.output + part.offset), Bytes{part.bytes}, false, 1, false});
    }
}

void AllReduceProgram::end(std::int64_t tile, TileEnd& out) const {
    const bool reduced = tile < pass_begin(1);
    const auto [rank, chunk] = reduced ? std::pair{rank_, tile} : gathered(tile);
    if (chunk < chunks_of(rank)) {
        const Piece part = piece(rank, chunk);
        // The other ranks load a sum soon; a gathered one is of no more use to this kernel.
        out.add({buffers_.output + part.offset, Bytes{part.bytes}, true, 1, reduced});
    }
}

std::string AllReduceProgram::plan() const {
    return fmt::format("direct reduce-scatter and all-gather, {} ranks, {} cores", ranks(), cores());
}

BlockAccess PeerCopyProgram::chunk(std::int64_t tile, std::uint64_t buffer, bool write) const {
    const std::int64_t begin = tile * kChunk;
    return {buffer + static_cast<std::uint64_t>(begin), Bytes{std::min(kChunk, size_ - begin)}, write, 1, false};
}

void PeerCopyProgram::step(std::int64_t tile, std::int64_t /*step*/, TileStep& out) const {
    out.add(chunk(tile, source_, false));
}

void PeerCopyProgram::end(std::int64_t tile, TileEnd& out) const { out.add(chunk(tile, destination_, true)); }

std::string PeerCopyProgram::plan() const { return fmt::format("{} B a chunk, {} cores", kChunk, cores()); }

}  // namespace myriad
