// Blocks of a row lie one after another in the sender's buffer.

#include "interconnect/collective/uneven_exchange.h"

#include "sim/error/error.h"
#include "sim/random/random_stream.h"

#include <algorithm>
#include <cmath>

namespace myriad {

std::vector<std::int64_t> block_bytes(const BlockWeights& weights, int ranks, Bytes size) {
    const auto n = static_cast<std::size_t>(ranks);
    MYRIAD_CHECK(weights.size() == n * n, "a weight for each pair");
    Int128 heaviest = 0;
    for (std::size_t row = 0; row < n; ++row) {
        Int128 sum = 0;
        for (std::size_t d = 0; d < n; ++d) {
            MYRIAD_CHECK(weights[row * n + d] >= 0, "no weight is negative");
            sum += weights[row * n + d];
        }
        heaviest = std::max(heaviest, sum);
    }
    std::vector<std::int64_t> bytes(n * n, 0);
    for (std::size_t row = 0; row < n && heaviest > 0; ++row) {
        Int128 sum = 0;
        std::int64_t begin = 0;
        for (std::size_t d = 0; d < n; ++d) {
            sum += weights[row * n + d];
            const auto end = static_cast<std::int64_t>(sum * size.count() / heaviest);
            bytes[row * n + d] = end - begin;
            begin = end;
        }
    }
    return bytes;
}

BlockWeights block_weights(BlockDistribution distribution, int ranks, double skew, std::uint64_t seed) {
    constexpr double kScale = 1e9;  // far finer than a byte of any real block
    const auto power_law = [&](int k) { return std::llround(kScale / std::pow(k + 1, skew)); };
    RandomStream random(seed, "all_to_allv");
    BlockWeights weights;
    for (int source = 0; source < ranks; ++source) {
        for (int destination = 0; destination < ranks; ++destination) {
            switch (distribution) {
                case BlockDistribution::even:
                    weights.push_back(1);
                    break;
                case BlockDistribution::zipf:
                    weights.push_back(power_law(destination));
                    break;
                case BlockDistribution::random:
                    weights.push_back(random.integer(1, 1000));
                    break;
                case BlockDistribution::banded:
                    weights.push_back(power_law((destination - source + ranks) % ranks));
                    break;
            }
        }
    }
    return weights;
}

UnevenExchange::UnevenExchange(std::vector<std::int64_t> bytes, int ranks, Order order)
    : ranks_(ranks), order_(order), sources_(static_cast<std::size_t>(ranks), 0) {
    const auto n = static_cast<std::size_t>(ranks);
    MYRIAD_CHECK(bytes.size() == n * n, "a count for each pair");
    for (std::size_t source = 0; source < n; ++source) {
        ends_.push_back(0);
        for (std::size_t destination = 0; destination < n; ++destination) {
            const std::int64_t count = bytes[source * n + destination];
            ends_.push_back(ends_.back() + count);
            sources_[destination] += source != destination && count > 0 ? 1 : 0;
        }
        chunks_ = std::max(chunks_, ends_.back());
    }
}

void UnevenExchange::sends(int rank, int step, std::vector<Transfer>& out) const {
    out.clear();
    const int first = order_ == Order::direct ? 1 : step + 1;
    const int last = order_ == Order::direct ? ranks_ - 1 : step + 1;
    for (int distance = first; distance <= last; ++distance) {
        const int peer = (rank + distance) % ranks_;
        const std::int64_t count = chunks_of_block(rank, peer);
        if (count > 0) {
            out.push_back({peer, ends_[place(rank, peer)], count, false});
        }
    }
}

int UnevenExchange::receives(int rank, int step) const {
    if (order_ == Order::direct) {
        return sources_[static_cast<std::size_t>(rank)];
    }
    return chunks_of_block((rank - step - 1 + ranks_) % ranks_, rank) > 0 ? 1 : 0;
}

}  // namespace myriad
