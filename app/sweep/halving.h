#pragma once
// Successive halving: which designs a stage of a sweep lets go on.

#include "app/scenario/sweep.h"
#include "app/sweep/outcome.h"

#include <cstddef>
#include <vector>

namespace myriad {

// Indices in `sweep.points`, ascending, of the points that run in stage `stage` + 1; `results` by index of point, after
// stage `stage`. Those whose result is of another stage are out already.
//
// A design lives or dies as a whole. It is judged by the geometric mean, over its loads, of how good it is against the
// best of the stage; a load is judged by the first objective that one of its points has. A design dies that failed at a
// load, or breaks a constraint there; of the others the best `keep` of all that ran in the stage go on (rounded up, one
// at least), the first of equals. The baseline goes on in any case, beside those.
[[nodiscard]] std::vector<std::size_t> survivors(const Sweep& sweep, std::size_t stage,
                                                 const std::vector<SweepPointResult>& results);

}  // namespace myriad
