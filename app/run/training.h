#pragma once

#include "app/run/report.h"
#include "app/run/run.h"
#include "app/run/run_records.h"
#include "app/system/folded_system.h"
#include "app/system/platform.h"
#include "models/kernel_table/kernel_table.h"

namespace myriad {

// A training step on the platform, which `folded` is too where identical cards are run once: it is then elaborated here,
// when it is known which cards are. `kernels`: card level tile, else null.
void run_training(Platform& platform, FoldedSystem* folded, const Scenario& scenario, const RunOptions& options,
                  KernelTable* kernels, RunRecords& records, RunOutcome& outcome);

}  // namespace myriad
