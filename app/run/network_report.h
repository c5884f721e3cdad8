#pragma once
// Links of a run by name, busiest first, and what the chosen levels leave out.

#include "app/run/report.h"

namespace myriad {

[[nodiscard]] std::vector<LinkRow> link_rows(const Topology& topology, const std::vector<LinkUse>& use,
                                             Picoseconds elapsed);

// A phrase each; a reader of the result should know them.
[[nodiscard]] std::vector<std::string> not_modelled(const Scenario& scenario);

}  // namespace myriad
