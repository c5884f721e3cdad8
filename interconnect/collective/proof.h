#pragma once
// A symbolic check of schedules: every rank's buffer is a set of contributions instead of numbers, the schedule is run
// under the rule of execution, and what every rank ends with is held against what the collective promises.

#include "interconnect/collective/schedule.h"
#include "interconnect/network.h"

#include <string>

namespace myriad {

struct Proof {
    bool holds = false;
    std::string violation;  // the first one: "step 3: rank 5 sends chunk 2, which it does not have"; empty if it holds
};

// Checks, for every rank and step:
//   - transfers name another rank of the group and a range inside the buffer; receives() counts what is really sent;
//   - nobody sends what it does not have; two transfers of a step do not write the same chunk, unless both add;
//   - adding never counts a contribution twice, overwriting never loses one;
//   - steps of equal pattern() have the same (sender, receiver, chunk_count) triples, counted as a multiset;
//   - helpers keep the same rules; what a switch is left with does not matter;
//   - at the end: all_reduce, each chunk on each rank holds each rank's contribution exactly once; reduce, the root's
//     do; reduce_scatter, the rank's own chunks do; all_gather and broadcast, each rank has every chunk; gather, the root
//     has; scatter, each rank has its own chunks; all_to_all and all_to_allv, rank r
//     has (s, r) for all s for which that has chunks.
// Contributions are exact sets up to 64 ranks. Above, a set is its size and the sum of a random 64-bit number for each
// member, so that a wrong set passes with probability 2^-64. The blocks of an all_to_all are always followed one by
// one (4 bytes each: ranks x ranks).
[[nodiscard]] Proof prove(const Schedule& schedule, CollectiveOp op, int root = 0);

}  // namespace myriad
