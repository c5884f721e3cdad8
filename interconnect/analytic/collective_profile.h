#pragma once
// What one collective of one group (and its siblings) costs as a function of its size: the result of walking all routes
// once, evaluated for any size in microseconds.

#include "interconnect/collective/protocol.h"
#include "sim/units/units.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace myriad {

// Loads are counted in parts of a chunk, so that equal shares over up to sixteen routes, and over 20, 24, 30, 32, 40, 48,
// 60 or 64 of them, are whole numbers.
inline constexpr std::int64_t kPartsPerChunk = 2'882'880;

// A transfer as the step sees it: its path's latency and its bottleneck with all that crosses it in this step.
struct PathCost {
    Picoseconds latency{};
    std::int64_t load = 0;  // parts of chunks
    BytesPerSecond bandwidth;
};

// The costs of a step that can be the slowest for some size: those that no other one exceeds in both latency and load.
class CostEnvelope {
public:
    void add(const PathCost& cost);
    // Of the slowest path when a buffer of `size` has `chunks` chunks; the load is rounded up to a byte, what `cost`
    // makes of it on the wire too, its time to a picosecond.
    [[nodiscard]] Picoseconds time(Bytes size, std::int64_t chunks, const CallCost& cost) const;
    // The one with the longest time of its load, then latency: equal routes of one message differ in nothing else.
    [[nodiscard]] PathCost slowest() const;
    [[nodiscard]] Picoseconds time_without_latency(Bytes size, std::int64_t chunks, const CallCost& cost) const;

private:
    std::vector<PathCost> costs_;
};

// One hop of a ring and how many of its hops are like it.
struct RingHop {
    PathCost path;
    std::int64_t count = 1;
};

class CollectiveProfile {
public:
    // Steps of a schedule, each pattern once with its number of repeats; of a pipelined one, the steps of the way of one
    // of its `pieces`, which has `chunks` chunks.
    CollectiveProfile(std::int64_t chunks, std::int64_t pieces) : chunks_(chunks), pieces_(pieces) {}
    // A pattern of steps, whose largest message has `largest` chunks; 0: nobody waits before it.
    void add_part(CostEnvelope costs, std::int64_t repeats, std::int64_t largest) {
        parts_.push_back({std::move(costs), repeats, largest});
    }
    // What all steps of the way of a piece together put on links.
    void set_way(CostEnvelope costs) { way_ = std::move(costs); }

    // The only part is `steps` equal steps around rings, which wait for their neighbours only (load_model.h); a ring is the
    // list of its distinct hops.
    void set_rings(std::vector<std::vector<RingHop>> rings) { rings_ = std::move(rings); }

    [[nodiscard]] Picoseconds time(Bytes size, const CallCost& cost = {}) const;

private:
    [[nodiscard]] Picoseconds ring_time(const std::vector<RingHop>& ring, Bytes size, const CallCost& cost) const;

    struct Part {
        CostEnvelope costs;
        std::int64_t repeats = 1;
        std::int64_t largest = 1;
    };
    std::int64_t chunks_;
    std::int64_t pieces_;
    std::vector<Part> parts_;
    CostEnvelope way_;
    std::vector<std::vector<RingHop>> rings_;
};

}  // namespace myriad
