#pragma once
// The network as workloads see it: move bytes between cards, run a collective in a group. Every fidelity level
// (analytic, flow, packet) implements this and nothing else of it is visible above this floor.

#include "sim/identity/card_id.h"
#include "sim/time/completion.h"
#include "sim/units/units.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

class Schedule;

enum class CollectiveOp : std::uint8_t {
    all_reduce,
    all_gather,
    reduce_scatter,
    all_to_all,
    broadcast,
    reduce,
    gather,
    scatter,
    all_to_allv
};
// interconnect/collective/algorithm_table.h says which operations each of them can do.
enum class CollectiveAlgorithm : std::uint8_t {
    automatic,
    ring,
    bidirectional_ring,
    multi_ring,
    direct,
    halving_doubling,
    rabenseifner,
    recursive_doubling,
    bruck,
    pairwise,
    binomial_tree,
    double_binary_tree,
    hierarchical,
    multi_dimensional,
    in_network,    // the switch adds and multicasts
    user_schedule  // CommunicatorSpec::schedule
};

[[nodiscard]] std::string_view name_of(CollectiveOp op);
[[nodiscard]] std::string_view name_of(CollectiveAlgorithm algorithm);

// One rank has a part of its own that the others have not: reduce, broadcast, gather, scatter.
[[nodiscard]] bool has_root(CollectiveOp op);

// busbw / algbw as nccl-tests defines it: all_reduce 2(n-1)/n; all_gather, reduce_scatter, all_to_all, all_to_allv,
// gather and scatter (n-1)/n; broadcast and reduce 1.
[[nodiscard]] double bus_bandwidth_factor(CollectiveOp op, int ranks);

enum class CommunicatorId : std::uint32_t {};

// A group of cards in rank order.
struct CommunicatorSpec {
    std::string name;           // shown in results: "tp[3]"
    std::string dimension;      // groups of one dimension ("tp", "dp", "world") are siblings: the analytic level counts
                                // their shares of a link together, because they run the same calls at the same time
    std::vector<CardId> cards;  // rank r runs on cards[r]
    CollectiveAlgorithm algorithm = CollectiveAlgorithm::automatic;
    // Sizes of the hierarchy for `hierarchical`, innermost first (4, 4, 1024); empty: taken from the topology.
    std::vector<int> hierarchy;
    // all_to_allv: how much rank s has for rank d, row by row of s, in any unit (uneven_exchange.h).
    std::vector<std::int64_t> block_weights;
    const Schedule* schedule = nullptr;  // user_schedule: proven for every call made; outlives the network
};

// `size` as nccl-tests counts it: all_reduce, broadcast and reduce: the buffer of one rank; all_gather and gather: the
// gathered result; reduce_scatter: the input of one rank; scatter: the input of the root; all_to_all: what one rank sends in all, its own share included; all_to_allv: of the rank that sends most.
struct CollectiveCall {
    CollectiveOp op = CollectiveOp::all_reduce;
    Bytes size;
    int root = 0;  // where the operation has one
};

class Network {
public:
    virtual ~Network() = default;

    virtual CommunicatorId create_communicator(CommunicatorSpec spec) = 0;

    // Rank `rank` of the group enters its next collective. Every rank enters the same calls in the same order; a rank
    // may be ahead of others. `done` is called when this rank's part has finished.
    virtual void collective(CommunicatorId communicator, int rank, const CollectiveCall& call, Completion done) = 0;

    // Point to point, matched by (from, to, tag) in order. `done` of send: the last byte has arrived at `to`.
    virtual void send(CardId from, CardId to, Bytes size, std::uint64_t tag, Completion done) = 0;
    virtual void receive(CardId at, CardId from, std::uint64_t tag, Completion done) = 0;
};

}  // namespace myriad
