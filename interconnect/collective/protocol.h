#pragma once
// What software adds to a collective: the launch of its kernels, the work of each step, the bytes that a protocol puts
// on the wire beside the payload. A communication library (NCCL, RCCL, PCCL) has a few protocols, each the fastest for
// some sizes; which one a call takes is chosen by modelled time (interconnect/analytic/model_planner.h).
//
// The effect on a call is the same at every network level (CallCost):
//   start   each rank waits this long from its entry to its first step
//   step    before it posts the sends of a step, a rank waits step + (largest message of the step) / copy
//   wire    a message of b payload bytes is ceil(b * wire_per_million / 10^6) bytes on the links
// A rank that sends nothing in a step waits for nothing. A machine that states no library pays nothing.

#include "interconnect/network.h"
#include "sim/units/units.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

// One protocol of a library, as a machine's file states it.
struct ProtocolCost {
    std::string name;         // "LL"
    Picoseconds launch{};     // from the call to a rank's first step
    Picoseconds step{};       // of a rank, before the sends of each step: polling, synchronisation
    double efficiency = 1.0;  // payload share of what goes over a link: LL writes a flag beside every 4 bytes, 0.5
    BytesPerSecond copy{};    // at which a rank's cores bring a message to the link, before it leaves; 0: in no time
    // Rendezvous: round trips of the path before the bytes leave. Point to point only; in a collective the buffers are
    // known from the call before.
    int round_trips = 0;
};

// Empty lists: a library that costs nothing and may do everything.
struct CollectiveLibrary {
    std::string name;
    // What `automatic` may pick from, for everything but all_to_all (which always goes straight to every peer).
    std::vector<CollectiveAlgorithm> algorithms;
    std::vector<ProtocolCost> protocols;         // rings, trees, hierarchies
    std::vector<ProtocolCost> peer_protocols;    // every rank to every other at once, and point to point
    std::vector<ProtocolCost> switch_protocols;  // the switch adds
    BytesPerSecond own_copy{};                   // at which a rank copies its own share to the output; 0: in no time
};

struct CallCost {
    static constexpr std::int64_t kMillion = 1'000'000;

    Picoseconds start{};
    Picoseconds step{};
    BytesPerSecond copy{};
    std::int64_t wire_per_million = kMillion;

    bool operator==(const CallCost&) const = default;
    // Steps need no timer.
    [[nodiscard]] bool steps_are_free() const { return step.count() == 0 && copy.count() == 0; }
    [[nodiscard]] Bytes wire(Bytes payload) const {
        if (wire_per_million == kMillion) {
            return payload;
        }
        const Int128 parts = static_cast<Int128>(payload.count()) * wire_per_million;
        return Bytes{static_cast<std::int64_t>((parts + kMillion - 1) / kMillion)};
    }
    // Before the sends of a step, the largest of which carries `largest` payload bytes.
    [[nodiscard]] Picoseconds step_delay(Bytes largest) const {
        return copy.count() == 0 ? step : step + transfer_time_ceil(largest, copy);
    }
};

// Of one call of `size` in a group of `ranks`. The own share is size / ranks of all but a broadcast.
[[nodiscard]] CallCost call_cost(const CollectiveLibrary& library, const ProtocolCost& protocol, CollectiveOp op,
                                 Bytes size, int ranks);

}  // namespace myriad
