#pragma once
// A time below which a training step cannot be: the longest chain of dependent work, nothing contended.

#include "workloads/training/rank_program.h"
#include "workloads/training/step.h"

namespace myriad {

// Least time of a list on `card`: kernels in order, collectives at their floor, waits where the list waits.
[[nodiscard]] Picoseconds list_floor(const StepList& list, const Card& card, const Layout& layout,
                                     const NetworkFloor& floor);

// cards_of_stage[s]: the card of one rank of stage s; all of one chain (a rank and those at_stage() of it).
[[nodiscard]] Picoseconds step_floor(const StepContext& context, const std::vector<const Card*>& cards_of_stage,
                                     const NetworkFloor& floor);

}  // namespace myriad
