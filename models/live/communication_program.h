#pragma once
// Kernels that communicate, as tile programs: cores that load from and store to this card's memory and that of others.
// Buffers lie at the same place of every card.

#include "models/live/live_access.h"
#include "models/tile/core_rates.h"
#include "models/tile/tile_program.h"

#include <utility>
#include <vector>

namespace myriad {

// A persistent loop over chunks in `cores` cores; what a chunk does is the kernel's.
class CommunicationProgram : public TileProgram {
public:
    // Chunk of a loop, as of the streams of the tile level; chunks that a core has in flight.
    static constexpr std::int64_t kChunk = 8192;
    static constexpr std::int64_t kResident = 4;

    explicit CommunicationProgram(std::int64_t cores) : cores_(cores) {}
    [[nodiscard]] std::int64_t cores() const override { return cores_; }
    [[nodiscard]] std::int64_t tiles_per_core() const override { return kResident; }
    [[nodiscard]] std::int64_t stages() const override { return 2; }
    [[nodiscard]] bool persistent() const override { return true; }
    [[nodiscard]] std::int64_t steps(std::int64_t) const override { return 1; }

private:
    std::int64_t cores_;
};

// All-reduce as direct reduce-scatter and all-gather. First pass: a rank loads its shard of the input of every rank,
// adds on the vector lanes and stores the sum; second pass: it loads the other ranks' sums.
class AllReduceProgram final : public CommunicationProgram {
public:
    // `input` and `output`: where the two buffers of `size` bytes lie. Elements of two bytes.
    struct Buffers {
        std::uint64_t input = 0;
        std::uint64_t output = 0;
        Bytes size;
    };
    AllReduceProgram(const CoreRates& rates, std::vector<CardId> cards, std::int64_t rank, const Buffers& buffers,
                     std::int64_t cores);

    [[nodiscard]] std::int64_t tiles() const override { return pass_begin(2); }
    [[nodiscard]] std::int64_t passes() const override { return 2; }
    [[nodiscard]] std::int64_t pass_begin(std::int64_t pass) const override;
    [[nodiscard]] std::int64_t steps(std::int64_t tile) const override;
    void step(std::int64_t tile, std::int64_t step, TileStep& out) const override;
    void end(std::int64_t tile, TileEnd& out) const override;
    [[nodiscard]] std::string plan() const override;
    [[nodiscard]] std::uint64_t footprint() const override {
        return buffers_.output + static_cast<std::uint64_t>(buffers_.size.count());
    }

private:
    struct Piece {
        std::uint64_t offset = 0;  // in the buffer
        std::int64_t bytes = 0;
    };
    [[nodiscard]] std::int64_t ranks() const { return static_cast<std::int64_t>(cards_.size()); }
    [[nodiscard]] std::int64_t shard_begin(std::int64_t rank) const;
    [[nodiscard]] std::int64_t chunks_of(std::int64_t rank) const;
    [[nodiscard]] Piece piece(std::int64_t rank, std::int64_t chunk) const;
    // Second pass: whose sum the tile loads, and which chunk of it. Ranks take turns, so that all links work at once.
    [[nodiscard]] std::pair<std::int64_t, std::int64_t> gathered(std::int64_t tile) const;
    [[nodiscard]] std::uint64_t at(std::int64_t rank, std::uint64_t address) const;

    CoreRates rates_;
    std::vector<CardId> cards_;
    std::int64_t rank_;
    Buffers buffers_;
    std::int64_t chunks_;  // of the longest shard
};

// `size` bytes from one card's memory to another's. The kernel runs on one of the two: it loads from the other card
// (a read) or stores to it (a write).
class PeerCopyProgram final : public CommunicationProgram {
public:
    PeerCopyProgram(std::uint64_t source, std::uint64_t destination, Bytes size, std::int64_t cores)
        : CommunicationProgram(cores), source_(source), destination_(destination), size_(size.count()) {}

    [[nodiscard]] std::int64_t tiles() const override { return (size_ + kChunk - 1) / kChunk; }
    void step(std::int64_t tile, std::int64_t step, TileStep& out) const override;
    void end(std::int64_t tile, TileEnd& out) const override;
    [[nodiscard]] std::string plan() const override;
    [[nodiscard]] std::uint64_t footprint() const override { return static_cast<std::uint64_t>(size_); }

private:
    [[nodiscard]] BlockAccess chunk(std::int64_t tile, std::uint64_t buffer, bool write) const;

    std::uint64_t source_;
    std::uint64_t destination_;
    std::int64_t size_;
};

}  // namespace myriad
