#pragma once
// From the name of an algorithm to a schedule, and the choice that a communication library would make.

#include "interconnect/collective/schedule.h"
#include "interconnect/network.h"

#include <memory>
#include <string>
#include <vector>

namespace myriad {

// The structure of a group, as far as the choice of an algorithm needs it (group_shape.h reads it off a topology).
struct GroupShape {
    // Sizes innermost first; their product is the number of ranks. One entry: a flat group.
    std::vector<int> hierarchy;
    // How the ranks of each dimension are joined, by the algorithm that suits: direct where each pair has a link of its
    // own or a non-blocking switch between, ring where only neighbours have; halving_doubling or ring elsewhere.
    std::vector<CollectiveAlgorithm> per_dimension;
    // For multi_ring: orders of the ranks whose rings share no link (rings.h finds them); empty: channels that rotate.
    std::vector<std::vector<int>> rings;
    std::vector<std::int64_t> block_weights;  // of an all_to_allv
    bool on_reducing_switch = false;          // all ranks are on one switch that adds and multicasts
    const Schedule* schedule = nullptr;       // of user_schedule

    [[nodiscard]] int ranks() const;
};

// What make_schedule() makes a schedule of.
struct ScheduleRequest {
    CollectiveOp op = CollectiveOp::all_reduce;
    CollectiveAlgorithm algorithm = CollectiveAlgorithm::ring;
    GroupShape shape;  // an empty per_dimension takes default_per_dimension()
    int root = 0;
    Bytes size;  // of the call; matters only where depends_on_size()
};

struct AlgorithmChoice {
    CollectiveAlgorithm algorithm = CollectiveAlgorithm::ring;
    std::string reason;    // "picked hierarchical 4x4x1024: ..."; empty when the user named the algorithm
    std::string protocol;  // of the machine's library; empty: none is stated
};

// What a group runs an operation with, as results tell it.
struct AlgorithmNote {
    std::string group;
    CollectiveOp op = CollectiveOp::all_reduce;
    AlgorithmChoice choice;
};

// What `automatic` means for this collective in a group of this shape; any other algorithm is returned as it is.
[[nodiscard]] AlgorithmChoice choose_algorithm(CollectiveOp op, CollectiveAlgorithm wanted, const GroupShape& shape);

// The algorithm for a dimension about which nothing is known: innermost ones direct, the outermost one
// halving_doubling where it is a power of two, else ring.
[[nodiscard]] std::vector<CollectiveAlgorithm> default_per_dimension(const std::vector<int>& hierarchy);

// Throws UserError when the algorithm cannot do the operation or this group, and says what it needs. `automatic` is a
// fault of the caller: choose first.
[[nodiscard]] std::unique_ptr<Schedule> make_schedule(const ScheduleRequest& request);

// The same for a group of `ranks`; `hierarchy` empty: flat.
[[nodiscard]] std::unique_ptr<Schedule> make_schedule(CollectiveOp op, CollectiveAlgorithm algorithm, int ranks,
                                                      const std::vector<int>& hierarchy = {}, int root = 0,
                                                      const std::vector<CollectiveAlgorithm>& per_dimension = {},
                                                      Bytes size = {});

// All algorithms that can do `op` in such a group, in the order of CollectiveAlgorithm: what a choice is made from.
[[nodiscard]] std::vector<CollectiveAlgorithm> candidates(CollectiveOp op, const GroupShape& shape);

// Why `algorithm` cannot do `op` in such a group: "bruck does all_gather and all_to_all, not broadcast; ring, ... do";
// empty if it can.
[[nodiscard]] std::string obstacle(CollectiveOp op, CollectiveAlgorithm algorithm, const GroupShape& shape);

// The schedule differs from size to size: it is cut into more pieces, the more there is to send, or carries uneven blocks.
// For `automatic`: what choose_algorithm() may pick.
[[nodiscard]] bool depends_on_size(CollectiveOp op, CollectiveAlgorithm algorithm);

// "4x4x1024"
[[nodiscard]] std::string hierarchy_text(const std::vector<int>& hierarchy);

}  // namespace myriad
