#pragma once
// All_to_allv: an all_to_all in which every pair has its own number of bytes, as the experts of a mixture of experts make
// it. The counts are stored: 8 bytes a pair.

#include "interconnect/collective/schedule.h"
#include "sim/units/units.h"

#include <cstdint>
#include <vector>

namespace myriad {

// Row by row, what rank s has for rank d, in any unit; ranks x ranks, none negative.
using BlockWeights = std::vector<std::int64_t>;

// Bytes of each block for a call of `size`: what the rank with most sends, its own share included. Rows are cut like
// buffers: the first d blocks of a row end at byte floor(size * (their weights) / (weights of the heaviest row)).
[[nodiscard]] std::vector<std::int64_t> block_bytes(const BlockWeights& weights, int ranks, Bytes size);

// Who has how much for whom.
enum class BlockDistribution : std::uint8_t {
    even,    // the same for all: an all_to_all
    zipf,    // destination d (0: the hottest) gets 1 / (d + 1)^skew from every rank
    random,  // each pair uniform in [1, 1000], by the seed
    banded,  // to rank s + k: 1 / (k + 1)^skew: most to oneself and the next ranks
};
[[nodiscard]] BlockWeights block_weights(BlockDistribution distribution, int ranks, double skew, std::uint64_t seed);

// A chunk is a byte. Blocks of no byte are not sent.
class UnevenExchange final : public Schedule {
public:
    enum class Order : std::uint8_t {
        direct,    // one step: everything at once, beginning with the next rank
        pairwise,  // n - 1 steps: to rank + k, from rank - k
    };
    // `bytes`: ranks x ranks, row by row.
    UnevenExchange(std::vector<std::int64_t> bytes, int ranks, Order order);

    [[nodiscard]] int ranks() const override { return ranks_; }
    [[nodiscard]] int steps() const override { return ranks_ == 1 ? 0 : order_ == Order::direct ? 1 : ranks_ - 1; }
    [[nodiscard]] std::int64_t chunks() const override { return chunks_; }
    void sends(int rank, int step, std::vector<Transfer>& out) const override;
    [[nodiscard]] int receives(int rank, int step) const override;
    [[nodiscard]] int pattern(int step) const override { return step; }
    void blocks(int rank, int step, const Transfer& transfer, std::vector<Block>& out) const override {
        static_cast<void>(step);
        out = {{rank, transfer.peer}};
    }
    [[nodiscard]] std::int64_t chunks_of_block(int source, int destination) const override {
        return ends_[place(source, destination) + 1] - ends_[place(source, destination)];
    }

private:
    [[nodiscard]] std::size_t place(int source, int destination) const {
        return static_cast<std::size_t>(source) * static_cast<std::size_t>(ranks_ + 1) +
               static_cast<std::size_t>(destination);
    }

    int ranks_;
    Order order_;
    std::int64_t chunks_ = 1;
    std::vector<std::int64_t> ends_;  // row by row: 0, then where each block ends
    std::vector<int> sources_;        // by rank: how many others have something for it
};

}  // namespace myriad
