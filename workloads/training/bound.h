#pragma once
// A time below which a training step cannot be: the longest chain of dependent work, nothing contended.

#include "workloads/training/program.h"
#include "workloads/training/step.h"

#include <functional>

namespace myriad {

// Least time of a list on `card`: kernels in order, collectives at their floor, waits where the list waits.
[[nodiscard]] Picoseconds list_floor(const StepList& list, const Card& card, const ParallelPlan& plan,
                                     const NetworkFloor& floor);

// cards_of_stage[s]: the card of one rank of stage s; all of one chain (same tp and dp).
[[nodiscard]] Picoseconds step_floor(const LlmConfig& model, const ParallelPlan& plan, const StagePrograms& programs,
                                     const std::vector<const Card*>& cards_of_stage, const NetworkFloor& floor);

}  // namespace myriad
