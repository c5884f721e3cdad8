// Stage s cannot start before the first micro-batch has passed the stages before it, must then do all its forwards and
// backwards one after the other, and the last gradient must pass back through the stages before it:
//   sum over i < s of (forward_i + message)  +  m (forward_s + backward_s)
//   + max( tail_s, sum over i < s of (backward_i + message) + tail_0 )
// with tail = reduction of the bucket that backward finishes last, optimizer, gather of weights. The bound is the
// largest over s. Collectives: a rank must send (or receive) at least the bytes that information theory asks for, also
// with reduction inside the network: all_reduce S, all_gather and reduce_scatter S (n - 1) / n.

#include "workloads/training/bound.h"

#include "models/kernels.h"
#include "workloads/llm/operators.h"

#include <algorithm>
#include <array>

namespace myriad {
namespace {

Picoseconds transfer_floor(Bytes size, const NetworkFloor& floor) {
    return floor.injection.count() == 0 ? Picoseconds{0} : transfer_time_floor(size, floor.injection) + floor.latency;
}

Picoseconds collective_floor(const CollectiveCall& call, std::int64_t ranks, const NetworkFloor& floor) {
    if (ranks < 2) {
        return Picoseconds{0};
    }
    const bool whole = call.op == CollectiveOp::all_reduce || call.op == CollectiveOp::broadcast;
    return transfer_floor(whole ? call.size : call.size / ranks * (ranks - 1), floor);
}

struct StageFloor {
    Picoseconds forward{0};
    Picoseconds backward{0};
    Picoseconds tail{0};
};

StageFloor stage_floor(const LlmConfig& model, const ParallelPlan& plan, const StagePrograms& programs,
                       std::int64_t stage, const Card& card, const NetworkFloor& floor) {
    const std::int64_t layers = model.layers / plan.pipeline_parallel;
    const GradientBuckets buckets = gradient_buckets(model, plan, stage);
    const auto time = [&](const StepList& list) { return list_floor(list, card, plan, floor); };
    StageFloor result;
    result.forward = time(programs.layer) * layers;
    result.backward = time(programs.layer_grad) * layers;
    if (stage == 0) {
        result.forward += time(programs.embedding);
        result.backward += time(programs.embedding_grad);
    }
    if (stage == plan.pipeline_parallel - 1) {
        result.forward += time(programs.head);
        result.backward += time(programs.head_grad);
    }
    const std::int64_t dp = plan.data_parallel;
    const bool sharded = plan.zero_stage >= 1;
    const Bytes last_bucket = stage == 0 ? buckets.embedding : buckets.layer;
    result.tail = collective_floor({sharded ? CollectiveOp::reduce_scatter : CollectiveOp::all_reduce, last_bucket, 0},
                                   dp, floor);
    result.tail += card.duration(adam_kernel(buckets.owned, Bytes{plan.weight_bytes}, Bytes{plan.gradient_bytes}));
    if (sharded) {
        result.tail += collective_floor({CollectiveOp::all_gather, buckets.weights, 0}, dp, floor);
    }
    return result;
}

}  // namespace

Picoseconds list_floor(const StepList& list, const Card& card, const ParallelPlan& plan, const NetworkFloor& floor) {
    Picoseconds time{0};
    std::array<Picoseconds, 2> ends{};
    for (const ProgramStep& step : list) {
        if (step.kind == StepKind::begin) {
            ends[step.slot] = time + collective_floor(step.call, plan.tensor_parallel, floor);
        } else if (step.kind == StepKind::wait) {
            time = std::max(time, ends[step.slot]);
        } else {
            time += card.duration(step.kernel);
        }
    }
    return time;
}

Picoseconds step_floor(const LlmConfig& model, const ParallelPlan& plan, const StagePrograms& programs,
                       const std::vector<const Card*>& cards_of_stage, const NetworkFloor& floor) {
    const Picoseconds message = transfer_floor(pipeline_message(model, plan), floor);
    Picoseconds filled{0};
    Picoseconds drained{0};
    Picoseconds first_tail{0};
    Picoseconds bound{0};
    for (std::int64_t stage = 0; stage < plan.pipeline_parallel; ++stage) {
        const Card& card = *cards_of_stage[static_cast<std::size_t>(stage)];
        const StageFloor floor_of = stage_floor(model, plan, programs, stage, card, floor);
        if (stage == 0) {
            first_tail = floor_of.tail;
        }
        const Picoseconds work = (floor_of.forward + floor_of.backward) * plan.micro_batches();
        bound = std::max(bound, filled + work + std::max(floor_of.tail, drained + first_tail));
        filled += floor_of.forward + message;
        drained += floor_of.backward + message;
    }
    return bound;
}

}  // namespace myriad
