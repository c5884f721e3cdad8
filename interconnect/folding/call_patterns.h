#pragma once
// What the calls of a group put on each of its connections, as a number: equal numbers, equal messages. Of one list of
// calls and one size of group, so that sibling groups share it.
//
// Numbers are hashes of the sequence of (call, step, bytes). Where a size divides into equal chunks, steps of equal
// pattern carry the same, and each pattern is looked at once; else every step is.

#include "interconnect/collective/protocol.h"
#include "interconnect/collective/schedule.h"
#include "sim/units/units.h"

#include <cstdint>
#include <span>
#include <vector>

namespace myriad {

struct PlannedCall {
    const Schedule* schedule = nullptr;
    Bytes size;
    CallCost cost;
};

// Where ranks and helpers of a group sit: rank r at r, the switch that adds at `ranks`, the one that multicasts at
// ranks + 1. Feeders and takers sit with their rank, whose connections they share.
struct GroupPlaces {
    int ranks = 0;
    bool helped = false;

    [[nodiscard]] int count() const { return helped ? ranks + 2 : ranks; }
    [[nodiscard]] int seats() const { return helped ? 3 * ranks + 2 : ranks; }
    [[nodiscard]] int of_seat(int seat) const { return seat < 3 * ranks ? seat % ranks : seat - 2 * ranks; }
    [[nodiscard]] std::vector<int> seats_at(int place) const {
        if (place >= ranks) {
            return {place + 2 * ranks};
        }
        return helped ? std::vector{place, place + ranks, place + 2 * ranks} : std::vector{place};
    }
    // 0: the rank or switch itself, 1: feeder, 2: taker.
    [[nodiscard]] int role_of_seat(int seat) const { return seat < 3 * ranks ? seat / ranks : 0; }
};

class CallPatterns {
public:
    struct Peer {
        std::uint32_t place = 0;
        std::uint64_t label = 0;
    };

    CallPatterns(std::span<const PlannedCall> calls, const GroupPlaces& places);

    // Connections that leave a place, in order of their other end.
    [[nodiscard]] std::span<const Peer> from(int place) const {
        const auto at = static_cast<std::size_t>(place);
        return {peers_.data() + first_[at], peers_.data() + first_[at + 1]};
    }
    [[nodiscard]] std::size_t connections() const { return peers_.size(); }

    // Transfers that would have to be looked at to make this.
    [[nodiscard]] static double work(std::span<const PlannedCall> calls, const GroupPlaces& places);
    [[nodiscard]] static bool divides(const PlannedCall& call) {
        return call.size.count() % call.schedule->chunks() == 0;
    }
    // Steps that tell all there is to tell about a call: one of each pattern, or all.
    [[nodiscard]] static std::vector<int> telling_steps(const PlannedCall& call);

private:
    std::vector<Peer> peers_;
    std::vector<std::size_t> first_;
};

}  // namespace myriad
