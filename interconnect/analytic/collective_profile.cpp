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

PathCost CostEnvelope::slowest() const {
    const auto later = [](const PathCost& a, const PathCost& b) {
        const Int128 a_busy = static_cast<Int128>(a.load) * b.bandwidth.count();
        const Int128 b_busy = static_cast<Int128>(b.load) * a.bandwidth.count();
        return a_busy != b_busy ? a_busy < b_busy : a.latency < b.latency;
    };
    return *std::max_element(costs_.begin(), costs_.end(), later);
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

// The longest chain of events: data may be handed on around the ring, a hop a step, or wait at the port of a slow hop, a
// step's bytes a step. One of the two is the longer; what mixes them ends in less than a round more.
Picoseconds CollectiveProfile::ring_time(const std::vector<RingHop>& ring, Bytes size, const CallCost& cost) const {
    const Part& part = parts_.front();
    const Picoseconds delay = cost.step_delay(message_bytes(part.largest, size, chunks_));
    Picoseconds round{0};
    Picoseconds least = Picoseconds::max();
    Picoseconds at_port{0};
    std::int64_t ranks = 0;
    for (const RingHop& hop : ring) {
        const Picoseconds wire = load_time(hop.path, size, chunks_, cost);
        const Picoseconds whole = delay + hop.path.latency + wire;
        round += whole * hop.count;
        least = std::min(least, whole);
        at_port = std::max(at_port, whole + std::max(wire, delay) * (part.repeats - 1));
        ranks += hop.count;
    }
    const std::int64_t rounds = (part.repeats + ranks - 1) / ranks;
    const Picoseconds handed_on = round * rounds - least * (rounds * ranks - part.repeats);
    return std::max(handed_on, at_port);
}

Picoseconds CollectiveProfile::time(Bytes size, const CallCost& cost) const {
    if (parts_.empty()) {
        return Picoseconds{0};
    }
    if (!rings_.empty()) {
        Picoseconds slowest{0};
        for (const std::vector<RingHop>& ring : rings_) {
            slowest = std::max(slowest, ring_time(ring, size, cost));
        }
        return cost.start + slowest;
    }
    const Bytes last = ChunkSizes(size, pieces_).of({.first_chunk = pieces_ - 1, .chunk_count = 1});
    Picoseconds total = cost.start;
    Picoseconds longest_delay{0};
    for (const Part& part : parts_) {
        const Picoseconds delay =
            part.largest > 0 ? cost.step_delay(message_bytes(part.largest, last, chunks_)) : Picoseconds{0};
        total += (delay + part.costs.time(last, chunks_, cost)) * part.repeats;
        longest_delay = std::max(longest_delay, delay);
    }
    if (pieces_ == 1) {
        return total;
    }
    return total + std::max(longest_delay * (pieces_ - 1), way_.time_without_latency(size - last, chunks_, cost));
}

}  // namespace myriad
