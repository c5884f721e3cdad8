#pragma once
// A schedule as text: a line a stage (a line a chunk, where a stage holds several), time from left to right.
//
//   stage 0  F0 F1 .  .  .  B0--- B1---
//   stage 1  .  F0 B0--- F1 B1--- .  .
//
// F forward, B backward, I input gradient, W weight gradient, then the micro-batch; a dash for each further character
// of its time; a dot for a time unit in which the stage is idle.

#include "workloads/training/pipeline_timeline.h"

#include <string>

namespace myriad {

// `times` are whole numbers. Without spaces at the ends of lines.
[[nodiscard]] std::string pipeline_picture(const PipelineShape& shape, const PassTimes& times);

}  // namespace myriad
