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

enum class CollectiveOp : std::uint8_t { all_reduce, all_gather, reduce_scatter, all_to_all, broadcast };
enum class CollectiveAlgorithm : std::uint8_t { automatic, ring, direct, halving_doubling, hierarchical };

[[nodiscard]] std::string_view name_of(CollectiveOp op);
[[nodiscard]] std::string_view name_of(CollectiveAlgorithm algorithm);

// busbw / algbw as nccl-tests defines it: all_reduce 2(n-1)/n, all_gather, reduce_scatter and all_to_all (n-1)/n,
// broadcast 1.
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
};

// `size` as nccl-tests counts it: all_reduce and broadcast: the buffer of one rank; all_gather: the gathered result;
// reduce_scatter: the input of one rank; all_to_all: what one rank sends in all, its own share included.
struct CollectiveCall {
    CollectiveOp op = CollectiveOp::all_reduce;
    Bytes size;
    int root = 0;  // broadcast only
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
