// GPipe (Huang et al. 2019): all forwards, then all backwards. 1F1B (PipeDream-flush, Narayanan et al. 2021): as many
// forwards as there are stages behind this one, then a forward and a backward in turn, then the backwards left. Same
// bubble, but a stage holds P - stage micro-batches instead of all.

#include "workloads/training/pipeline_orders.h"

#include <algorithm>

namespace myriad {

std::vector<PipelineSlot> gpipe_order(const PipelineShape& shape) {
    std::vector<PipelineSlot> order;
    for (const Pass pass : {Pass::forward, Pass::backward}) {
        for (std::int64_t i = 0; i < shape.micro_batches; ++i) {
            order.push_back({.pass = pass, .micro_batch = i});
        }
    }
    return order;
}

std::vector<PipelineSlot> one_forward_one_backward_order(const PipelineShape& shape, std::int64_t stage) {
    const std::int64_t warm_up = std::min(shape.stages - stage - 1, shape.micro_batches);
    std::vector<PipelineSlot> order;
    for (std::int64_t i = 0; i < shape.micro_batches + warm_up; ++i) {
        if (i < shape.micro_batches) {
            order.push_back({.pass = Pass::forward, .micro_batch = i});
        }
        if (i >= warm_up) {
            order.push_back({.pass = Pass::backward, .micro_batch = i - warm_up});
        }
    }
    return order;
}

}  // namespace myriad
