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

Picoseconds load_time(const PathCost& cost, Bytes size, std::int64_t chunks) {
    const Int128 parts = static_cast<Int128>(cost.load) * size.count();
    const Int128 whole = static_cast<Int128>(kPartsPerChunk) * chunks;
    return transfer_time_ceil(Bytes{static_cast<std::int64_t>((parts + whole - 1) / whole)}, cost.bandwidth);
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

Picoseconds CostEnvelope::time(Bytes size, std::int64_t chunks) const {
    Picoseconds slowest{0};
    for (const PathCost& cost : costs_) {
        slowest = std::max(slowest, cost.latency + load_time(cost, size, chunks));
    }
    return slowest;
}

Picoseconds CostEnvelope::time_without_latency(Bytes size, std::int64_t chunks) const {
    Picoseconds slowest{0};
    for (const PathCost& cost : costs_) {
        slowest = std::max(slowest, load_time(cost, size, chunks));
    }
    return slowest;
}

Picoseconds CollectiveProfile::time(Bytes size) const {
    Picoseconds total{0};
    if (!pipelined_) {
        for (const Part& part : parts_) {
            total += part.costs.time(size, chunks_) * part.repeats;
        }
        return total;
    }
    const Bytes last = ChunkSizes(size, chunks_).of({.first_chunk = chunks_ - 1, .chunk_count = 1});
    Picoseconds bottleneck{0};
    for (const Part& hop : parts_) {
        total += hop.costs.time(last, 1);
        bottleneck = std::max(bottleneck, hop.costs.time_without_latency(size - last, 1));
    }
    return total + bottleneck;
}

}  // namespace myriad
