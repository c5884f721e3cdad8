// Stage s cannot start before the first micro-batch has passed the positions before its first one, must then do all its
// passes one after the other, and the last gradient must pass back:
//   sum over i < s of (forward_i + message)  +  all passes of s
//   + max( tail_s, sum over i < s of (backward_i + message) + tail_0 )
// with tail = reduction of the bucket that backward finishes last, optimizer, gather of weights. The bound is the
// largest over s. With weight gradients apart, passes may follow the last input gradient: the way back is left out.
// DualPipe fills from both ends and runs passes side by side: kernels only, no way there or back. Collectives: a rank must
// send (or receive) at least the bytes that information theory asks for, also with reduction inside the network:
// all_reduce S, all_gather, reduce_scatter and all_to_all S (n - 1) / n; uneven exchanges: nothing.

#include "workloads/training/bound.h"

#include <algorithm>
#include <array>

namespace myriad {
namespace {

Picoseconds transfer_floor(Bytes size, const NetworkFloor& floor) {
    return floor.injection.count() == 0 ? Picoseconds{0} : transfer_time_floor(size, floor.injection) + floor.latency;
}

Picoseconds collective_floor(const CollectiveCall& call, std::int64_t ranks, const NetworkFloor& floor) {
    if (ranks < 2 || call.size.count() == 0 || call.op == CollectiveOp::all_to_allv) {
        return Picoseconds{0};
    }
    const bool whole = call.op == CollectiveOp::all_reduce || call.op == CollectiveOp::broadcast;
    return transfer_floor(whole ? call.size : call.size / ranks * (ranks - 1), floor);
}

struct PassFloor {
    Picoseconds forward{0};
    Picoseconds backward{0};
};

class StepFloor {
public:
    StepFloor(const StepContext& context, const NetworkFloor& floor) : context_(context), floor_(floor) {
        if (context.plan.schedule == PipelineSchedule::dualpipe) {
            floor_.injection = BytesPerSecond{0};  // lists overlap: kernels only
        }
    }

    // Forward and backward of a chunk for one micro-batch.
    [[nodiscard]] PassFloor pass(const ChunkContent& chunk, const Card& card) const {
        const StagePrograms& programs = context_.programs;
        PassFloor result;
        const auto add = [&](const PassFloor& part, std::int64_t times) {
            result.forward += part.forward * times;
            result.backward += part.backward * times;
        };
        if (chunk.first) {
            add(part(programs.embedding, card), 1);
        }
        for (std::int64_t i = 0; i < chunk.layers.count; ++i) {
            add(layer(chunk.layers.first + i, i, card), 1);
        }
        if (chunk.last) {
            const std::int64_t modules = programs.mtp.empty() ? 0 : context_.model.mtp_layers;
            add(part(programs.head, card), 1 + modules);
            if (modules > 0) {
                add(least(programs.mtp, 0, programs.mtp.size(), card), modules);
            }
        }
        return result;
    }

    [[nodiscard]] Picoseconds tail(std::int64_t stage, const Card& card) const {
        const ParallelPlan& plan = context_.plan;
        const StageContext& s = context_.stages[static_cast<std::size_t>(stage)];
        const bool sharded = plan.zero_stage >= 1;
        Picoseconds time = card.duration(s.optimizer);
        if (plan.schedule == PipelineSchedule::dualpipe) {
            return time;
        }
        const std::int64_t copies = context_.layout.size(GroupKind::data);
        const ChunkContent& chunk = s.chunks.front();
        std::int64_t last_dense = 0;
        if (chunk.first) {
            last_dense = context_.programs.embedding.dense;
        } else if (chunk.layers.count > 0) {
            last_dense = layer_parameters(context_.programs, chunk.layers.first).dense;
        }
        time += collective_floor({sharded ? CollectiveOp::reduce_scatter : CollectiveOp::all_reduce,
                                  Bytes{last_dense * plan.gradient_bytes}, 0},
                                 copies, floor_);
        for (const StageWeights::Gather& gather : s.weights.gathers) {
            time += collective_floor({CollectiveOp::all_gather, gather.dense, 0}, copies, floor_);
            time += collective_floor({CollectiveOp::all_gather, gather.expert, 0},
                                     context_.layout.size(GroupKind::expert_data), floor_);
        }
        return time;
    }

    [[nodiscard]] Picoseconds message() const {
        return transfer_floor(pipeline_message(context_.model, context_.plan), floor_);
    }

private:
    [[nodiscard]] PassFloor part(const PartProgram& part, const Card& card) const {
        const Layout& layout = context_.layout;
        const bool apart = context_.plan.schedule == PipelineSchedule::zb_h1 ||
                           context_.plan.schedule == PipelineSchedule::zb_h2 ||
                           context_.plan.schedule == PipelineSchedule::dualpipe;
        PassFloor result;
        result.forward = list_floor(part.forward, card, layout, floor_);
        result.backward = list_floor(part.recompute, card, layout, floor_);
        result.backward += apart ? list_floor(part.input_grad, card, layout, floor_) +
                                       list_floor(part.weight_grad, card, layout, floor_)
                                 : list_floor(part.backward, card, layout, floor_);
        return result;
    }

    // Of the loads that a rank may have, the lightest.
    [[nodiscard]] PassFloor least(const std::vector<PartProgram>& parts, std::size_t first, std::size_t count,
                                  const Card& card) const {
        PassFloor result = part(parts[first], card);
        for (std::size_t i = 1; i < count; ++i) {
            const PassFloor other = part(parts[first + i], card);
            result.forward = std::min(result.forward, other.forward);
            result.backward = std::min(result.backward, other.backward);
        }
        return result;
    }

    [[nodiscard]] PassFloor layer(std::int64_t number, std::int64_t in_chunk, const Card& card) const {
        const StagePrograms& programs = context_.programs;
        const bool plain = context_.plan.recompute_layers > 0 && in_chunk >= context_.plan.recompute_layers;
        const bool experts = programs.kinds[programs.kind_of[static_cast<std::size_t>(number)]].experts;
        const PartProgram& first = programs.layer(number, plain, 0);
        const auto key = std::pair{&first, &card};
        if (known_.first != key) {
            const auto index = static_cast<std::size_t>(&first - programs.layers.data());
            known_ = {key, least(programs.layers, index, experts ? static_cast<std::size_t>(programs.loads) : 1, card)};
        }
        return known_.second;
    }

    const StepContext& context_;
    NetworkFloor floor_;
    // Of the layer asked for last: neighbours are alike.
    mutable std::pair<std::pair<const PartProgram*, const Card*>, PassFloor> known_{};
};

}  // namespace

Picoseconds list_floor(const StepList& list, const Card& card, const Layout& layout, const NetworkFloor& floor) {
    Picoseconds time{0};
    std::array<Picoseconds, kSlots> ends{};
    for (const ProgramStep& step : list) {
        if (step.kind == StepKind::begin) {
            ends[step.slot] = time + (step.shift ? transfer_floor(step.call.size, floor)
                                                 : collective_floor(step.call, layout.size(step.group), floor));
        } else if (step.kind == StepKind::wait) {
            time = std::max(time, ends[step.slot]);
        } else {
            time += card.duration(step.kernel);
        }
    }
    return time;
}

Picoseconds step_floor(const StepContext& context, const std::vector<const Card*>& cards_of_stage,
                       const NetworkFloor& floor) {
    const StepFloor floors(context, floor);
    const PipelineSchedule schedule = context.plan.schedule;
    const bool one_way = schedule != PipelineSchedule::dualpipe;
    const bool back = one_way && schedule != PipelineSchedule::zb_h1 && schedule != PipelineSchedule::zb_h2;
    Picoseconds filled{0};
    Picoseconds drained{0};
    Picoseconds bound{0};
    const Picoseconds first_tail = floors.tail(0, *cards_of_stage.front());
    for (std::int64_t stage = 0; stage < context.pipeline.stages; ++stage) {
        const Card& card = *cards_of_stage[static_cast<std::size_t>(stage)];
        const StageContext& s = context.stages[static_cast<std::size_t>(stage)];
        Picoseconds work{0};
        PassFloor first_chunk;
        for (std::size_t chunk = 0; chunk < s.chunks.size(); ++chunk) {
            const PassFloor pass = floors.pass(s.chunks[chunk], card);
            const std::int64_t batches = one_way ? context.pipeline.micro_batches : context.pipeline.micro_batches / 2;
            work += (pass.forward + pass.backward) * batches;
            first_chunk = chunk == 0 ? pass : first_chunk;
        }
        const Picoseconds tail = floors.tail(stage, card);
        bound = std::max(bound, filled + work + (back ? std::max(tail, drained + first_tail) : tail));
        if (one_way) {
            filled += first_chunk.forward + floors.message();
            drained += first_chunk.backward + floors.message();
        }
    }
    return bound;
}

}  // namespace myriad
