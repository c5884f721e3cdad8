#pragma once
// The closed form behind the analytic level.
//
// One step of a schedule, run at the same time by all groups of a dimension. Each transfer of b bytes is spread over
// its m routes in shares of b/m (to the byte: share r ends at floor((r+1) b / m)). With
//     load(l)  the sum of the shares that cross the directed link l in this step,
//     T_step = max over transfers and their routes of
//                  [ sum of the route's link latencies + max over the route's links of ceil(load(l) / bandwidth(l)) ].
// (loads are rounded up to a byte once). For a transfer that shares no link this is latency + size / slowest link,
// cut-through. Where
// transfers share links it is what fair sharing of the bottleneck gives; queues in series are not added up.
//     T = sum of T_step over the steps; steps of equal pattern are computed once.
//
// A pipelined schedule (Schedule::lone_piece: c equal pieces on one way, the last piece of p bytes) does not add up its
// steps:
//     T = sum of T_step over the steps of the way of a piece of p bytes, alone
//         + max over links of ceil(load of a way of S - p bytes, all its steps together / bandwidth).
// For a chain without shared links: the latencies and times of a piece over all hops, and the rest over the slowest.
//
// A flat ring (K equal steps, each rank one message to the next) does not wait for its slowest hop in every step: a chunk
// meets that once a round. With t(i) = delay + latency(i) + load(i) / bandwidth(i) of hop i,
//     T = max( sum of t over the K hops that a chunk is handed on, without the fastest where K is no whole round ,
//              max over i of t(i) + (K - 1) max(load(i) / bandwidth(i), delay) ).
//
// A protocol's cost (interconnect/collective/protocol.h) adds its start to T and its delay for the largest message of
// the step to every T_step (in a pipeline: to every step of the way, and c - 1 times where that is longer than the slowest link);
// loads are wire bytes.
//
// Not in it: overlap with other dimensions, point-to-point traffic or other calls; ranks that enter late (the caller
// starts the clock when all are there); unfair arbitration; head-of-line blocking.

#include "interconnect/analytic/collective_profile.h"
#include "interconnect/collective/schedule.h"
#include "interconnect/routing/routes.h"
#include "interconnect/topology/topology.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace myriad {

// Groups of cards in rank order, all of the same size, that run the same schedule at the same time.
using SiblingGroups = std::vector<std::vector<CardId>>;

// Numbers directed links densely: 2 * edge + direction.
[[nodiscard]] constexpr std::size_t link_index(DirectedEdge way) {
    return 2 * std::size_t{index(way.edge)} + way.direction;
}

class LoadModel {
public:
    // Both must outlive the model.
    LoadModel(const Topology& topology, Router& router);

    // Walks the routes of every transfer of every distinct step; the result holds for any size.
    [[nodiscard]] CollectiveProfile profile(const Schedule& schedule, const SiblingGroups& groups);
    [[nodiscard]] Picoseconds message_time(CardId from, CardId to, Bytes size);

    // Adds `times` times what one group's collective (or a message) puts on each link; by link_index. Steps of equal
    // pattern count as equal, which is off by less than a byte a chunk where the size does not divide.
    void add_collective_bytes(const Schedule& schedule, Bytes size, const std::vector<CardId>& cards,
                              std::int64_t times, std::vector<Bytes>& bytes, const CallCost& cost = {});
    void add_message_bytes(CardId from, CardId to, Bytes size, std::vector<Bytes>& bytes);

    [[nodiscard]] std::size_t links() const { return bandwidth_.size(); }
    [[nodiscard]] BytesPerSecond bandwidth(std::size_t link) const { return bandwidth_[link]; }

private:
    struct Hop {
        std::uint32_t link = 0;
        std::uint32_t next = 0;  // node
    };

    // Of the steps [first, end) as if they were one.
    [[nodiscard]] CostEnvelope costs_together(const Schedule& schedule, int first, int end,
                                              const SiblingGroups& groups);
    // Groups with the ends of helpers, if the schedule has any.
    [[nodiscard]] SiblingGroups seats(const Schedule& schedule, const SiblingGroups& groups) const;
    [[nodiscard]] std::int64_t largest_message(const Schedule& schedule, int step);
    [[nodiscard]] std::vector<std::vector<RingHop>> ring_costs(const Schedule& schedule, const SiblingGroups& groups);
    void load(CardId from, CardId to, Bytes size);
    void add_costs(CardId from, CardId to, CostEnvelope& costs);
    void clear();

    template <class Visit>
    void for_each_share(CardId from, CardId to, Bytes size, Visit&& visit);

    const Topology& topology_;
    Router& router_;
    std::vector<std::uint32_t> first_port_;  // by node, into hops_
    std::vector<Hop> hops_;                  // by node and port: a route is walked without touching the graph
    std::vector<BytesPerSecond> bandwidth_;  // by link, like the following
    std::vector<Picoseconds> latency_;
    std::vector<std::int64_t> load_;  // of this step: bytes, or parts of chunks
    std::vector<std::uint32_t> touched_;
    std::vector<Transfer> transfers_;
};

// One collective on an otherwise idle network, for sweeps. `groups` run it at the same time.
[[nodiscard]] Picoseconds analytic_collective_time(const Topology& topology, Router& router, const Schedule& schedule,
                                                   Bytes size, const SiblingGroups& groups);

}  // namespace myriad
