#pragma once
// The parts of the summary that tell the workloads `traffic` and `iteration`.

#include "app/run/report.h"

#include <string>

namespace myriad {

[[nodiscard]] std::string traffic_text(const TrafficReport& traffic);
[[nodiscard]] std::string iteration_text(const IterationReport& iteration);

}  // namespace myriad
