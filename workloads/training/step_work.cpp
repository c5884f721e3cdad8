// Work and times of passes, read off the lists.

#include "workloads/training/step_parts.h"

namespace myriad {
namespace {

Picoseconds kernels_of(const StepList& list, const Card& card) {
    Picoseconds time{0};
    for (const ProgramStep& step : list) {
        if (step.kind == StepKind::compute) {
            time += card.duration(step.kernel);
        }
    }
    return time;
}

// Every part of a chunk, with how often it runs in a pass; layers with mean load.
template <class F>
void visit_parts(const StepContext& context, const ChunkContent& chunk, F&& visit) {
    const StagePrograms& programs = context.programs;
    if (chunk.first) {
        visit(programs.embedding, 1.0);
    }
    for (std::int64_t i = 0; i < chunk.layers.count; ++i) {
        const std::int64_t layer = chunk.layers.first + i;
        const bool plain = context.plan.recompute_layers > 0 && i >= context.plan.recompute_layers;
        const bool experts = programs.kinds[programs.kind_of[static_cast<std::size_t>(layer)]].experts;
        const auto loads = static_cast<std::size_t>(experts ? programs.loads : 1);
        for (std::size_t load = 0; load < loads; ++load) {
            visit(programs.layer(layer, plain, load), 1.0 / static_cast<double>(loads));
        }
    }
    if (chunk.last) {
        const double modules = programs.mtp.empty() ? 0.0 : static_cast<double>(context.model.mtp_layers);
        visit(programs.head, 1.0 + modules);
        for (const PartProgram& mtp : programs.mtp) {
            visit(mtp, modules / static_cast<double>(programs.mtp.size()));
        }
    }
}

}  // namespace

ChunkTimes chunk_times(const StepContext& context, const ChunkContent& chunk, const Card& card) {
    ChunkTimes times;
    const auto share = [](Picoseconds time, double weight) {
        return Picoseconds{static_cast<std::int64_t>(static_cast<double>(time.count()) * weight)};
    };
    visit_parts(context, chunk, [&](const PartProgram& part, double weight) {
        times.forward += share(kernels_of(part.forward, card), weight);
        times.input_grad += share(kernels_of(part.recompute, card) + kernels_of(part.input_grad, card), weight);
        times.weight_grad += share(kernels_of(part.weight_grad, card), weight);
    });
    return times;
}

Flop executed_tensor_work(const StepContext& context) {
    Flop once{0.0};
    const auto add = [&](const PartProgram& part, double weight) {
        once += (tensor_work(part.forward) + tensor_work(part.recompute) + tensor_work(part.backward)) * weight;
    };
    const ParallelPlan& plan = context.plan;
    const bool mirrored = plan.schedule == PipelineSchedule::dualpipe;
    for (const StageContext& stage : context.stages) {
        for (const ChunkContent& chunk : stage.chunks) {
            // DualPipe: every part of the model is a chunk of two stages, half of the micro-batches each.
            visit_parts(context, chunk,
                        [&](const PartProgram& part, double weight) { add(part, mirrored ? weight / 2.0 : weight); });
        }
    }
    return once * static_cast<double>(plan.tensor_parallel * plan.context_parallel * plan.data_parallel *
                                      plan.micro_batches());
}

}  // namespace myriad
