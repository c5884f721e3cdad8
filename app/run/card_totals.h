#pragma once
// What the cards cost that a workload runs on.

#include "app/run/report.h"
#include "app/scenario/scenario.h"

namespace myriad {

// Of the cards that take part: those that training, inference or a collective is placed on, else all of the cluster.
[[nodiscard]] CardTotals card_totals(const Scenario& scenario);

}  // namespace myriad
