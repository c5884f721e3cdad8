#pragma once
// Runs the workload `inference` on a platform of any level.

#include "app/run/report.h"

namespace myriad {

class KernelTable;

// Throws LawError when a rank does not end or a law of the run is broken. `kernels`: at card level tile, else null. `spans`:
// where spans go, if wanted.
[[nodiscard]] InferenceReport run_inference(Platform& platform, const InferenceWorkload& workload, const ChipFile& chip,
                                            KernelTable* kernels, SpanSink* spans = nullptr);

}  // namespace myriad
