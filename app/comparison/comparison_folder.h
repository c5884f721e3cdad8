#pragma once
// What `myriad compare` leaves behind.

#include "app/comparison/comparison.h"

#include <string>
#include <vector>

namespace myriad {

// comparison.json, summary.txt, report.html, manifest.json, activity_N.json of each run: all or nothing, replacing an earlier result.
void write_comparison_folder(const std::string& folder, const Comparison& comparison,
                             const std::vector<RunFiles>& files);

}  // namespace myriad
