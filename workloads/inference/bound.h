#pragma once
// Times below which steps cannot be: kernels in order, collectives at their floor, nothing contended.
//   a step, steady   every stage runs all its micro-batches: the longest stage times micro-batches. Decode also: the token
//                    of a micro-batch passes all stages and comes back before its next step.
//   first tokens     all stages once; the last micro-batch waits for the others at the longest stage.
// With equal stages, steady and without contention, a step takes just that long. Internal to inference/.

#include "workloads/inference/rank.h"
#include "workloads/training/step.h"

#include <vector>

namespace myriad {

struct InferenceFloor {
    Picoseconds step{0};
    Picoseconds first_tokens{0};
    Picoseconds all_first_tokens{0};
};
// cards_of_stage[s]: the card of one rank of stage s.
[[nodiscard]] InferenceFloor inference_floor(const InferenceContext& context,
                                             const std::vector<const Card*>& cards_of_stage, const NetworkFloor& floor);

}  // namespace myriad
