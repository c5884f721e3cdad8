// Builds what a step needs: layout, loads, programs, groups, one program a rank.

#include "workloads/training/step.h"

#include "models/kernels.h"
#include "sim/error/error.h"
#include "workloads/training/bound.h"
#include "workloads/training/memory.h"
#include "workloads/training/step_folding.h"
#include "workloads/training/step_parts.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace myriad {
namespace {

void throw_problems(const std::vector<PlanProblem>& problems) {
    if (problems.empty()) {
        return;
    }
    std::vector<Diagnostic> diagnostics;
    for (const PlanProblem& problem : problems) {
        diagnostics.emplace_back().message = problem.message;
    }
    throw UserError(std::move(diagnostics));
}

Bytes smallest_memory(const std::vector<Card*>& cards) {
    Bytes smallest = cards.front()->memory_capacity();
    for (const Card* card : cards) {
        smallest = std::min(smallest, card->memory_capacity());
    }
    return smallest;
}

// Weights in the order in which the passes of a stage use them.
std::vector<WeightUnit> weight_units(const StepContext& context, const StageContext& stage) {
    std::vector<WeightUnit> units;
    const std::int64_t element = context.plan.weight_bytes;
    const auto add = [&](const ParameterCount& count) {
        WeightUnit unit;
        unit.dense = Bytes{filled_up(count.dense, dense_shards(context.plan)) * element};
        unit.expert = Bytes{filled_up(count.expert, expert_shards(context.plan)) * element};
        unit.calls = units.empty() ? std::array<std::int64_t, 2>{} : units.back().calls;
        unit.calls[0] += count.dense > 0 ? 1 : 0;
        unit.calls[1] += count.expert > 0 ? 1 : 0;
        units.push_back(unit);
    };
    for (const PipelineSlot& slot : stage.order) {
        const ChunkContent& chunk = stage.chunks[static_cast<std::size_t>(slot.chunk)];
        if (slot.pass == Pass::weight_grad) {
            continue;
        }
        const bool forward = slot.pass == Pass::forward;
        const auto edge = [&](bool at_head) {
            if (at_head && chunk.last) {
                add(head_parameters(context.programs, context.model, context.plan));
            } else if (!at_head && chunk.first) {
                add(parameters_of(context.programs.embedding));
            }
        };
        edge(!forward);
        for (std::int64_t i = 0; i < chunk.layers.count; ++i) {
            const std::int64_t offset = forward ? i : chunk.layers.count - 1 - i;
            add(layer_parameters(context.programs, chunk.layers.first + offset));
        }
        edge(forward);
    }
    return units;
}

void note_natures(const std::function<KernelNature(const Kernel&)>& nature, StagePrograms& programs) {
    const auto note = [&](PartProgram& part) {
        for (StepList* list : {&part.forward, &part.recompute, &part.backward, &part.input_grad, &part.weight_grad}) {
            for (ProgramStep& step : *list) {
                if (step.kind == StepKind::compute) {
                    step.nature = nature(step.kernel);
                }
            }
        }
    };
    note(programs.embedding);
    std::for_each(programs.layers.begin(), programs.layers.end(), note);
    note(programs.head);
    std::for_each(programs.mtp.begin(), programs.mtp.end(), note);
}

// Eager: passes over all parameters that are kernels of their own beside Adam's (Megatron-LM's fp16 optimizer). A
// gradient in two bytes is copied to fp32; it is unscaled and tested for overflow, its norm is taken, it is scaled by
// it, the new weight is copied back, the accumulated gradient zeroed.
Kernel optimizer_kernel(const ParallelPlan& plan, const StageContext& stage) {
    constexpr std::int64_t kFp32Bytes = 4;
    constexpr std::int64_t kTensors = 12;  // of a layer: a weight and a bias of four matrices and two norms
    const std::int64_t owned = stage.weights.owned;
    Kernel kernel = adam_kernel(owned, Bytes{plan.weight_bytes}, Bytes{plan.gradient_bytes});
    if (plan.fusion == KernelFusion::fused) {
        return kernel;
    }
    const bool copied = plan.gradient_bytes < kFp32Bytes;
    // Adam itself reads the gradient in fp32 and leaves the weight to the copy.
    const std::int64_t reads = kFp32Bytes + (copied ? kFp32Bytes : 0);
    const std::int64_t scaled = plan.clip_gradients ? 3 : 1;  // unscale; norm and scale
    const std::int64_t scaled_back = plan.clip_gradients ? 2 : 1;
    kernel.read += Bytes{owned * (reads + scaled * kFp32Bytes)};
    kernel.written += Bytes{owned * ((copied ? kFp32Bytes : 0) + scaled_back * kFp32Bytes + plan.gradient_bytes)};
    std::int64_t layers = 0;
    for (const ChunkContent& chunk : stage.chunks) {
        layers += chunk.layers.count;
    }
    kernel.launches = static_cast<std::int32_t>(6 + (copied ? kTensors * layers : 0));
    return kernel;
}

StageContext make_stage(const StepContext& context, std::int64_t number) {
    const ParallelPlan& plan = context.plan;
    StageContext stage;
    stage.order = pipeline_order(context.pipeline, number);
    stage.chunks = chunks_of_stage(plan, context.model, number);
    stage.last_slot.assign(stage.chunks.size(), -1);
    for (std::size_t slot = 0; slot < stage.order.size(); ++slot) {
        const Pass pass = stage.order[slot].pass;
        if (pass == Pass::backward || pass == Pass::weight_grad) {
            stage.last_slot[static_cast<std::size_t>(stage.order[slot].chunk)] = static_cast<std::int64_t>(slot);
        }
    }
    stage.weights = stage_weights(context.programs, context.model, plan, number);
    for (const ChunkContent& chunk : stage.chunks) {
        stage.kept.push_back(chunk_activations(context.programs, context.model, plan, chunk));
    }
    if (plan.zero_stage == 3) {
        stage.units = weight_units(context, stage);
    }
    stage.optimizer = optimizer_kernel(plan, stage);
    return stage;
}

}  // namespace

TrainingStep::Parts::Parts(const LlmConfig& model, const ParallelPlan& plan, const TrainingPlatform& platform)
    : layout(plan.layout()),
      loads(model, plan),
      programs(make_programs(model, plan, loads)),
      context{.model = model,
              .plan = plan,
              .layout = layout,
              .loads = loads,
              .programs = programs,
              .pipeline = plan.pipeline(),
              .message = pipeline_message(model, plan),
              .network = platform.network,
              .agenda = platform.agenda,
              .spans = platform.spans,
              .memory = platform.memory} {
    if (platform.nature) {
        note_natures(platform.nature, programs);
    }
    for (std::int64_t stage = 0; stage < plan.pipeline_parallel; ++stage) {
        context.stages.push_back(make_stage(context, stage));
        if (platform.nature) {
            context.stages.back().optimizer_nature = platform.nature(context.stages.back().optimizer);
        }
    }
    context.placement = platform.placement;
    context.operator_time.resize(programs.labels.size());
    context.operator_alone.resize(programs.labels.size());
    context.time_alone = platform.time_alone;
    StepGroups made = create_groups(model, plan, layout, loads, platform.placement, platform.network);
    context.rings = std::move(made.rings);
    const RankFolding folding = fold_ranks(context, made, platform);
    folding_text = folding.text;
    context.group_class = folding.group_class;
    groups = std::move(made.of_rank);
    context.ranks.resize(groups.size());
    cards.resize(groups.size());
    for (std::size_t rank = 0; rank < groups.size(); ++rank) {
        const auto runs = static_cast<std::size_t>(folding.representative[rank]);
        cards[rank] = platform.cards.empty() ? &platform.card(platform.placement[runs]) : platform.cards[runs];
        if (runs == rank) {
            programs_of_ranks.push_back(std::make_unique<RankProgram>(
                context, *cards[rank], static_cast<std::int64_t>(rank), groups[rank], folding.multiplicity[rank]));
            context.ranks[rank] = programs_of_ranks.back().get();
        }
    }
    for (std::size_t rank = 0; rank < groups.size(); ++rank) {
        context.ranks[rank] = context.ranks[static_cast<std::size_t>(folding.representative[rank])];
    }
}

TrainingStep::TrainingStep(LlmConfig model, ParallelPlan plan, TrainingPlatform platform)
    : model_(std::move(model)), plan_(std::move(plan)), platform_(std::move(platform)) {
    throw_problems(validate(plan_, model_, static_cast<std::int64_t>(platform_.placement.size())));
    parts_ = std::make_unique<Parts>(model_, plan_, platform_);
    throw_problems(validate_memory(model_, plan_, smallest_memory(parts_->cards)));
}

TrainingStep::~TrainingStep() = default;

std::int64_t TrainingStep::runs_for(std::int64_t rank) const {
    return parts_->context.ranks[static_cast<std::size_t>(rank)]->rank();
}

void TrainingStep::start() {
    started_ = platform_.agenda.now();
    for (const auto& rank : parts_->programs_of_ranks) {
        rank->start();
    }
}

bool TrainingStep::finished() const {
    return std::all_of(parts_->programs_of_ranks.begin(), parts_->programs_of_ranks.end(),
                       [](const auto& rank) { return rank->finished(); });
}

std::string TrainingStep::unfinished(std::size_t limit) const {
    std::string text;
    for (const auto& rank : parts_->programs_of_ranks) {
        if (!rank->finished() && limit-- > 0) {
            text += rank->state() + "\n";
        }
        if (limit == 0) {
            break;
        }
    }
    return text;
}

TimePoint TrainingStep::end() const {
    TimePoint last = started_;
    for (const auto& rank : parts_->programs_of_ranks) {
        last = std::max(last, rank->totals().finished);
    }
    return last;
}

// A rank that is done before the others is idle: part (c) of the bubble.
RankTimes TrainingStep::rank_times(std::int64_t rank) const {
    const RankProgram& program = *parts_->context.ranks[static_cast<std::size_t>(rank)];
    RankTimes times{program.time()};
    times.time[static_cast<std::size_t>(SpanKind::bubble)] += end() - program.totals().finished;
    return times;
}

Picoseconds TrainingStep::lower_bound() const {
    std::vector<const Card*> chain;
    for (std::int64_t stage = 0; stage < plan_.pipeline_parallel; ++stage) {
        chain.push_back(parts_->cards[static_cast<std::size_t>(parts_->layout.at_stage(0, stage))]);
    }
    return step_floor(parts_->context, chain, platform_.floor);
}

void TrainingStep::visit_kernels(const std::function<void(std::string_view label, const Kernel& kernel)>& visit) const {
    const StagePrograms& programs = parts_->programs;
    const auto visit_list = [&](const StepList& list) {
        for (const ProgramStep& step : list) {
            if (step.kind == StepKind::compute) {
                visit(programs.labels[step.label], step.kernel);
            }
        }
    };
    const auto visit_part = [&](const PartProgram& part) {
        visit_list(part.forward);
        visit_list(part.recompute);
        visit_list(part.backward);
    };
    visit_part(programs.embedding);
    for (const PartProgram& layer : programs.layers) {
        visit_part(layer);
    }
    for (const PartProgram& module : programs.mtp) {
        visit_part(module);
    }
    visit_part(programs.head);
    for (const StageContext& stage : parts_->context.stages) {
        visit(programs.labels[programs.optimizer_label], stage.optimizer);
    }
}

}  // namespace myriad
