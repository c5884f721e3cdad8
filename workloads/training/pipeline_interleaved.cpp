// Interleaved 1F1B (Narayanan et al. 2021), in the order of Megatron-LM: micro-batches go in groups of P. A group passes
// chunk 0 of a stage, then chunk 1, ..., then the next group; backward takes the chunks from the last one. A stage runs
// 2(P - stage - 1) + (v - 1)P forwards ahead: two for each stage behind it, because its neighbour's backward needs the
// forward in between, and P for each further chunk that the first group has to pass before it can turn round.

#include "workloads/training/pipeline_orders.h"

#include <algorithm>

namespace myriad {

namespace {

// The n-th forward of a stage; the n-th backward is the same with chunks counted from the last one.
PipelineSlot pass_at(const PipelineShape& shape, std::int64_t n, Pass pass) {
    const std::int64_t group = n / (shape.stages * shape.chunks);
    const std::int64_t in_group = n % (shape.stages * shape.chunks);
    const std::int64_t turn = in_group / shape.stages;
    return {.pass = pass,
            .chunk = static_cast<int>(pass == Pass::forward ? turn : shape.chunks - 1 - turn),
            .micro_batch = group * shape.stages + in_group % shape.stages};
}

}  // namespace

std::vector<PipelineSlot> interleaved_order(const PipelineShape& shape, std::int64_t stage) {
    const std::int64_t passes = shape.micro_batches * shape.chunks;
    const std::int64_t warm_up = std::min((shape.stages - stage - 1) * 2 + (shape.chunks - 1) * shape.stages, passes);
    std::vector<PipelineSlot> order;
    for (std::int64_t n = 0; n < passes + warm_up; ++n) {
        if (n < passes) {
            order.push_back(pass_at(shape, n, Pass::forward));
        }
        if (n >= warm_up) {
            order.push_back(pass_at(shape, n - warm_up, Pass::backward));
        }
    }
    return order;
}

}  // namespace myriad
