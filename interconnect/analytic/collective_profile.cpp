// Evaluates the formula of load_model.h. Rounding a load up to whole bytes once is what the largest of the equal shares
// and chunks of the executor comes to, because ceil(ceil(x) / m) = ceil(x / m).

#include "interconnect/analytic/collective_profile.h"

#include "interconnect/collective/chunk_sizes.h"

#include <algorithm>

namespace myriad {

namespace {

bool exceeds_in_both(const PathCost& a, const PathCost& b) {
    return a.latency >= b.latency &&
           static_cast<Int128>(a.load) * b.bandwidth.count() >= static_cast<Int128>(b.load) * a.bandwidth.count();
}

Picoseconds load_time(const PathCost& path, Bytes size, std::int64_t chunks, const CallCost& cost) {
    const Int128 parts = static_cast<Int128>(path.load) * size.count();
    const Int128 whole = static_cast<Int128>(kPartsPerChunk) * chunks;
    return transfer_time_ceil(cost.wire(Bytes{static_cast<std::int64_t>((parts + whole - 1) / whole)}), path.bandwidth);
}

Bytes message_bytes(std::int64_t message_chunks, Bytes size, std::int64_t chunks) {
    const Int128 bytes = static_cast<Int128>(message_chunks) * size.count();
    return Bytes{static_cast<std::int64_t>((bytes + chunks - 1) / chunks)};
}

}  // namespace

void CostEnvelope::add(const PathCost& cost) {
    if (std::any_of(costs_.begin(), costs_.end(),
                    [&](const PathCost& known) { return exceeds_in_both(known, cost); })) {
        return;
    }
    std::erase_if(costs_, [&](const PathCost& known) { return exceeds_in_both(cost, known); });
    costs_.push_back(cost);
}

Picoseconds CostEnvelope::time(Bytes size, std::int64_t chunks, const CallCost& cost) const {
    Picoseconds slowest{0};
    for (const PathCost& path : costs_) {
        slowest = std::max(slowest, path.latency + load_time(path, size, chunks, cost));
    }
    return slowest;
}

Picoseconds CostEnvelope::time_without_latency(Bytes size, std::int64_t chunks, const CallCost& cost) const {
    Picoseconds slowest{0};
    for (const PathCost& path : costs_) {
        slowest = std::max(slowest, load_time(path, size, chunks, cost));
    }
    return slowest;
}

Picoseconds CollectiveProfile::time(Bytes size, const CallCost& cost) const {
    if (parts_.empty()) {
        return Picoseconds{0};
    }
    const Bytes last = ChunkSizes(size, pieces_).of({.first_chunk = pieces_ - 1, .chunk_count = 1});
    Picoseconds total = cost.start;
    Picoseconds longest_delay{0};
    for (const Part& part : parts_) {
        const Picoseconds delay = cost.step_delay(message_bytes(part.largest, last, chunks_));
        total += (delay + part.costs.time(last, chunks_, cost)) * part.repeats;
        longest_delay = std::max(longest_delay, delay);
    }
    if (pieces_ == 1) {
        return total;
    }
    return total + std::max(longest_delay * (pieces_ - 1), way_.time_without_latency(size - last, chunks_, cost));
}

}  // namespace myriad
