// ZB-H1 and ZB-H2 (Qi et al. 2023, "Zero Bubble Pipeline Parallelism", section 2): backward is split, the input gradient
// goes to the stage before at once, and weight gradients, for which no other stage waits, are put off until there would
// be nothing else to do.
//
//        warm-up, forwards    weight gradients run behind input gradients by    micro-batches held
// H1     P - stage            stage                                             P
// H2     2(P - stage) - 1     2 stage                                           2P - 1
//
// The later a stage, the fewer forwards it runs ahead and the more weight gradients it owes: memory is the same on all
// stages. What it owes at the end fills the time in which the gradient of the last micro-batch goes back to stage 0.

#include "workloads/training/pipeline_orders.h"

#include <algorithm>

namespace myriad {

std::vector<PipelineSlot> zero_bubble_order(const PipelineShape& shape, std::int64_t stage) {
    const bool more_memory = shape.schedule == PipelineSchedule::zb_h2;
    const std::int64_t ahead = more_memory ? 2 * (shape.stages - stage) - 1 : shape.stages - stage;
    const std::int64_t put_off = more_memory ? 2 * stage : stage;
    std::vector<PipelineSlot> order;
    const auto run = [&](Pass pass, std::int64_t micro_batch) {
        if (micro_batch >= 0 && micro_batch < shape.micro_batches) {
            order.push_back({.pass = pass, .micro_batch = micro_batch});
        }
    };
    for (std::int64_t i = 0; i < ahead; ++i) {
        run(Pass::forward, i);
    }
    for (std::int64_t i = 0; i < shape.micro_batches + put_off; ++i) {
        run(Pass::input_grad, i);
        run(Pass::weight_grad, i - put_off);
        run(Pass::forward, i + ahead);
    }
    return order;
}

}  // namespace myriad
