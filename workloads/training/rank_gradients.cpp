// What a rank does with gradients and weights that it shares with its copies. Assumptions:
//   - buckets of one group are reduced one after the other, in the order in which backward finishes them, beside the
//     main program; dense and expert parameters have groups of their own
//   - ZeRO-1 and 2 scatter gradients and gather all weights at once after the optimizer; ZeRO-2 and 3 scatter after
//     every micro-batch
//   - ZeRO-3 gathers a layer's weights before its forward and before its backward, `prefetch` layers ahead

#include "models/kernels.h"
#include "sim/error/error.h"
#include "workloads/training/rank_program.h"

#include <algorithm>

namespace myriad {

void RankProgram::make_streams() {
    const auto stream = [&](GroupKind group, const Member& member) {
        return member.alone() ? nullptr
                              : std::make_unique<CollectiveStream>(static_cast<StreamOwner&>(*this), context_.network,
                                                                   card_, context_.agenda, group, member);
    };
    const std::size_t groups = context_.plan.schedule == PipelineSchedule::dualpipe ? stage().chunks.size() : 1;
    for (std::size_t chunk = 0; chunk < groups; ++chunk) {
        gradient_streams_.push_back(
            {stream(GroupKind::data, groups_.data[chunk]), stream(GroupKind::expert_data, groups_.expert_data[chunk])});
        for (const auto& queue : gradient_streams_.back()) {
            if (queue && !context_.plan.overlap_gradient_reduction) {
                queue->hold();
            }
        }
    }
    unsent_.resize(groups);
    if (context_.plan.zero_stage == 3) {
        weight_streams_ = {stream(GroupKind::data, groups_.weights[0]),
                           stream(GroupKind::expert_data, groups_.expert_weights[0])};
    }
}

void RankProgram::gradients_ready(const ParameterCount& parameters, std::size_t chunk) {
    const std::size_t number = stream_of(chunk);
    unsent_[number] += parameters;
    if (Bytes{unsent_[number].total() * context_.plan.gradient_bytes} >= context_.plan.bucket) {
        push_gradients(number);
    }
}

void RankProgram::push_gradients(std::size_t number) {
    const CollectiveOp op = context_.plan.zero_stage >= 1 ? CollectiveOp::reduce_scatter : CollectiveOp::all_reduce;
    const std::array<std::int64_t, 2> parameters{filled_up(unsent_[number].dense, dense_shards(context_.plan)),
                                                 filled_up(unsent_[number].expert, expert_shards(context_.plan))};
    unsent_[number] = {};
    for (std::size_t i = 0; i < 2; ++i) {
        const auto& queue = gradient_streams_[number][i];
        if (queue && parameters[i] > 0) {
            gradients_.expect(1);
            queue->push({op, Bytes{parameters[i] * context_.plan.gradient_bytes}, 0}, "gradient bucket");
        }
    }
}

void RankProgram::stream_begins(const Member& member) {
    ++totals_.collectives_entered;
    note_entry(member, kBesideLane);
}

void RankProgram::stream_ends(const Member& member, GroupKind group, std::string_view label, TimePoint start) {
    ++totals_.collectives_finished;
    totals_.busy[static_cast<std::size_t>(group)] += now() - start;
    if (context_.spans != nullptr) {
        // Its next call may have begun already, but none of this member's has ended since.
        stream_cause_ = context_.calls.cause(group_class(member), calls_ended_[member.seat]++);
        Span span;
        span.kind = SpanKind::data;
        span.beside = true;
        span.lane = kBesideLane;
        span.group = group;
        span.label = label;
        span.start = start;
        span.end = now();
        span.cause_rank = stream_cause_.rank;
        span.cause_lane = stream_cause_.lane;
        span.cause_at = stream_cause_.at;
        emit(span);
    }
    if (label == "gradient bucket") {
        gradients_.completion()();  // last: may run the program on
    } else if (weights_awaited_ >= 0 && weights_have_come(weights_awaited_)) {
        weights_awaited_ = -1;
        weights_here_.completion()();  // likewise
    }
}

bool RankProgram::weights_have_come(std::int64_t unit) const {
    const WeightUnit& weights = stage().units[static_cast<std::size_t>(unit)];
    for (std::size_t i = 0; i < 2; ++i) {
        if (weight_streams_[i] && weight_streams_[i]->finished() < weights.calls[i]) {
            return false;
        }
    }
    return true;
}

void RankProgram::ask_for_weights(std::int64_t units) {
    const std::vector<WeightUnit>& all = stage().units;
    for (; weights_asked_ < units && weights_asked_ < static_cast<std::int64_t>(all.size()); ++weights_asked_) {
        const WeightUnit& unit = all[static_cast<std::size_t>(weights_asked_)];
        const std::array<Bytes, 2> sizes{unit.dense, unit.expert};
        for (std::size_t i = 0; i < 2; ++i) {
            if (weight_streams_[i] && sizes[i].count() > 0) {
                weight_streams_[i]->push({CollectiveOp::all_gather, sizes[i], 0}, "weight gather");
            }
        }
    }
}

// Before a layer (embedding, head) of a pass.
Task RankProgram::use_weights(Lane& lane) {
    if (stage().units.empty()) {
        co_return;
    }
    const std::int64_t unit = weights_used_++;
    ask_for_weights(weights_used_ + context_.plan.prefetch);
    if (weights_have_come(unit)) {
        co_return;
    }
    lane.doing = "waits for weights";
    const TimePoint start = now();
    weights_awaited_ = unit;
    weights_here_.expect(1);
    ledger_.waits(lane.number, start);
    co_await weights_here_;
    ledger_.waited(lane.number, SpanKind::data, now());
    record_wait(lane, SpanKind::data, GroupKind::data, "weight gather", start, stream_cause_);
}

Task RankProgram::reduce_gradients() {
    const StageWeights& weights = stage().weights;
    Lane& lane = lanes_[0];
    for (auto& streams : gradient_streams_) {
        for (const auto& queue : streams) {
            if (queue) {
                queue->release();
            }
        }
    }
    lane.doing = "waits for gradient reduction";
    const TimePoint start = now();
    ledger_.waits(0, start);
    co_await gradients_;
    ledger_.waited(0, SpanKind::data, now());
    record_wait(lane, SpanKind::data, GroupKind::data, "gradient reduction", start, stream_cause_);
    const Member tensor = groups_.of[static_cast<std::size_t>(GroupKind::tensor)][0];
    if (weights.norms.count() > 0 && !tensor.alone()) {
        co_await blocking_collective(tensor, {CollectiveOp::all_reduce, weights.norms, 0}, GroupKind::tensor,
                                     "norm gradients");
    }
    const Member tied = groups_.of[static_cast<std::size_t>(GroupKind::embedding)][0];
    if (weights.tied.count() > 0 && !tied.alone()) {
        co_await blocking_collective(tied, {CollectiveOp::all_reduce, weights.tied, 0}, GroupKind::embedding,
                                     "tied embeddings");
    }
}

Task RankProgram::update() {
    const ParallelPlan& plan = context_.plan;
    Lane& lane = lanes_[0];
    const Member model = groups_.of[static_cast<std::size_t>(GroupKind::model)][0];
    if (plan.clip_gradients && !model.alone()) {
        TimePoint& last_entry = context_.norm_entered[group_class(model)];
        const TimePoint start = now();
        last_entry = start;  // time does not go back: the last one to enter stays
        lane.doing = "waits for the gradient norm";
        Call& call = lane.calls[0];
        call.group = GroupKind::model;
        enter(call, model, scalar_call(context_.layout.size(GroupKind::model)));
        ledger_.waits(0, start);
        co_await call.done;
        ledger_.waited(0, SpanKind::bubble, last_entry, SpanKind::model, now());
        totals_.busy[static_cast<std::size_t>(GroupKind::model)] += now() - start;
        record_norm(start, last_entry, call.cause);
    }
    // DualPipe: of the two groups that a rank shares with its mirror stage, the same one on both sides.
    const bool second = plan.schedule == PipelineSchedule::dualpipe && 2 * place_.pp >= plan.pipeline_parallel;
    const Member& data = groups_.data[second ? 1 : 0];
    if (plan.clip_gradients && plan.zero_stage >= 1 && !data.alone()) {
        co_await blocking_collective(data, scalar_call(dense_shards(plan)), GroupKind::data, "gradient norm");
    }
    host_waits();
    if (host_is_late(stage().optimizer.launches)) {
        co_await wait_for_host(lane);
    }
    lane.doing = "runs the optimizer";
    const TimePoint start = now();
    ledger_.computes(0, start);
    Signal done;
    card_.execute(stage().optimizer, done.completion());
    co_await done;
    finish_kernel(stage().optimizer, stage().optimizer_nature, context_.programs.optimizer_label, start, lane,
                  SpanKind::optimizer);
    co_await gather_weights();
}

void RankProgram::record_norm(TimePoint start, TimePoint last_entry, const WaitCause& cause) {
    Span span;
    span.group = GroupKind::model;
    span.label = "gradient norm";
    span.cause_rank = cause.rank;
    span.cause_lane = cause.lane;
    span.cause_at = cause.at;
    span.kind = SpanKind::bubble;
    span.start = start;
    span.end = last_entry;
    emit(span);
    span.kind = SpanKind::model;
    span.start = last_entry;
    span.end = now();
    emit(span);
}

Task RankProgram::gather_weights() {
    for (const StageWeights::Gather& gather : stage().weights.gathers) {
        const auto chunk = static_cast<std::size_t>(gather.chunk);
        if (gather.dense.count() > 0 && !groups_.data[chunk].alone()) {
            co_await blocking_collective(groups_.data[chunk], {CollectiveOp::all_gather, gather.dense, 0},
                                         GroupKind::data, "weight gather");
        }
        if (gather.expert.count() > 0 && !groups_.expert_data[chunk].alone()) {
            co_await blocking_collective(groups_.expert_data[chunk], {CollectiveOp::all_gather, gather.expert, 0},
                                         GroupKind::expert_data, "weight gather");
        }
    }
}

void RankProgram::holds_activations(const Lane& lane, bool more) {
    const Bytes bytes = stage().kept[static_cast<std::size_t>(lane.slot.chunk)];
    Bytes& held = totals_.activations_left;
    held = more ? held + bytes : held - bytes;
    totals_.activations_most = std::max(totals_.activations_most, held);
    if (context_.memory != nullptr) {
        context_.memory->on_activations(rank_, now(), held);
    }
}

}  // namespace myriad
