#pragma once
// A schedule file becomes a listing of transfers, proven.

#include "interconnect/collective/listed_schedule.h"
#include "sim/config/section.h"

namespace myriad {

[[nodiscard]] ScheduleListing read_schedule(Section s);

}  // namespace myriad
