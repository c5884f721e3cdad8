// What groups will call, read off the programs before they run.

#include "workloads/training/step_folding.h"

#include <algorithm>

namespace myriad {
namespace {

void add(std::vector<CollectiveCall>& calls, const CollectiveCall& call) {
    const bool known = std::any_of(calls.begin(), calls.end(), [&](const CollectiveCall& other) {
        return other.op == call.op && other.size == call.size;
    });
    if (!known && call.size.count() > 0) {
        calls.push_back(call);
    }
}

// Every list that ranks of a stage run.
template <class F>
void visit_lists(const StepContext& context, std::int64_t stage, F&& visit) {
    const StagePrograms& programs = context.programs;
    const auto part = [&](const PartProgram& p) {
        for (const StepList* list : {&p.forward, &p.recompute, &p.backward, &p.input_grad, &p.weight_grad}) {
            visit(*list);
        }
    };
    for (const ChunkContent& chunk : context.stages[static_cast<std::size_t>(stage)].chunks) {
        if (chunk.first) {
            part(programs.embedding);
        }
        for (std::int64_t i = 0; i < chunk.layers.count; ++i) {
            const std::int64_t layer = chunk.layers.first + i;
            const bool plain = context.plan.recompute_layers > 0 && i >= context.plan.recompute_layers;
            const bool experts = programs.kinds[programs.kind_of[static_cast<std::size_t>(layer)]].experts;
            for (std::size_t load = 0; load < static_cast<std::size_t>(experts ? programs.loads : 1); ++load) {
                part(programs.layer(layer, plain, load));
            }
        }
        if (chunk.last) {
            part(programs.head);
            std::for_each(programs.mtp.begin(), programs.mtp.end(), part);
        }
    }
    visit(programs.message_gather);
}

// Buckets as the stage's passes make them (rank_gradients.cpp).
std::vector<ParameterCount> buckets_of(const StepContext& context, const StageContext& stage) {
    std::vector<ParameterCount> buckets;
    ParameterCount unsent;
    const auto ready = [&](const ParameterCount& count) {
        unsent += count;
        if (Bytes{unsent.total() * context.plan.gradient_bytes} >= context.plan.bucket) {
            buckets.push_back(unsent);
            unsent = {};
        }
    };
    for (const ChunkContent& chunk : stage.chunks) {
        if (chunk.last) {
            ready(head_parameters(context.programs, context.model, context.plan));
        }
        for (std::int64_t i = chunk.layers.count; i-- > 0;) {
            ready(layer_parameters(context.programs, chunk.layers.first + i));
        }
        if (chunk.first) {
            ready(parameters_of(context.programs.embedding));
        }
        buckets.push_back(unsent);
        unsent = {};
    }
    return buckets;
}

void add_data_calls(const StepContext& context, const GroupRecord& group, const StageContext& stage,
                    std::vector<CollectiveCall>& calls) {
    const bool dense = group.kind == GroupKind::data;
    if (group.weights) {
        for (const WeightUnit& unit : stage.units) {
            add(calls, {CollectiveOp::all_gather, dense ? unit.dense : unit.expert, 0});
        }
        return;
    }
    const ParallelPlan& plan = context.plan;
    const CollectiveOp op = plan.zero_stage >= 1 ? CollectiveOp::reduce_scatter : CollectiveOp::all_reduce;
    for (const ParameterCount& bucket : buckets_of(context, stage)) {
        const std::int64_t elements =
            dense ? filled_up(bucket.dense, dense_shards(plan)) : filled_up(bucket.expert, expert_shards(plan));
        add(calls, {op, Bytes{elements * plan.gradient_bytes}, 0});
    }
    for (const StageWeights::Gather& gather : stage.weights.gathers) {
        add(calls, {CollectiveOp::all_gather, dense ? gather.dense : gather.expert, 0});
    }
    if (dense && plan.clip_gradients && plan.zero_stage >= 1) {
        add(calls, scalar_call(dense_shards(plan)));
    }
}

}  // namespace

std::vector<CollectiveCall> calls_of(const StepContext& context, const GroupRecord& group) {
    std::vector<CollectiveCall> calls;
    const std::int64_t number = context.layout.place_of(group.ranks.front()).pp;
    const StageContext& stage = context.stages[static_cast<std::size_t>(number)];
    switch (group.kind) {
        case GroupKind::data:
        case GroupKind::expert_data:
            add_data_calls(context, group, stage, calls);
            return calls;
        case GroupKind::model:
            return {scalar_call(context.layout.size(GroupKind::model))};
        case GroupKind::embedding:
            return {{CollectiveOp::all_reduce, stage.weights.tied, 0}};
        default:
            break;
    }
    visit_lists(context, number, [&](const StepList& list) {
        for (const ProgramStep& step : list) {
            const bool uneven = step.routing >= 0;
            if (step.kind == StepKind::begin && !step.shift && step.group == group.kind &&
                uneven == (group.routing >= 0) &&
                (!uneven || (step.routing == group.routing && step.returns == group.returns))) {
                add(calls, step.call);
            }
        }
    });
    if (group.kind == GroupKind::tensor) {
        add(calls, {CollectiveOp::all_reduce, stage.weights.norms, 0});
    }
    return calls;
}

std::vector<Bytes> shifts_of(const StepContext& context, std::int64_t stage) {
    std::vector<Bytes> sizes;
    visit_lists(context, stage, [&](const StepList& list) {
        for (const ProgramStep& step : list) {
            if (step.kind == StepKind::begin && step.shift &&
                std::find(sizes.begin(), sizes.end(), step.call.size) == sizes.end()) {
                sizes.push_back(step.call.size);
            }
        }
    });
    return sizes;
}

}  // namespace myriad
