#pragma once
// From scenario and sweep files to app/scenario/.

#include "app/scenario/scenario.h"
#include "app/scenario/sweep.h"
#include "sim/config/section.h"

namespace myriad {

[[nodiscard]] Scenario read_scenario(Section s);

struct SweepFile {
    Sweep sweep;
    Scenario base;
};
[[nodiscard]] SweepFile read_sweep(Section s);

}  // namespace myriad
