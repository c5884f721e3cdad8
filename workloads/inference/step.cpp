// Builds what steps need: layout, loads, programs, groups, one program a rank.

#include "workloads/inference/step.h"

#include "sim/error/error.h"
#include "workloads/inference/step_parts.h"

#include <algorithm>
#include <utility>

namespace myriad {
namespace {

void throw_if_wrong(const LlmConfig& model, const InferencePlan& plan, const InferencePlatform& platform) {
    std::vector<PlanProblem> problems = validate(plan, model, static_cast<std::int64_t>(platform.cards.size()));
    if (problems.empty()) {
        Bytes smallest = platform.cards.front()->memory_capacity();
        bool fp8 = true;
        for (const Card* card : platform.cards) {
            smallest = std::min(smallest, card->memory_capacity());
            fp8 = fp8 && card->peak(DataType::fp8).count() > 0;
        }
        problems = validate_memory(model, plan, smallest, fp8);
    }
    if (!problems.empty()) {
        std::vector<Diagnostic> diagnostics;
        for (const PlanProblem& problem : problems) {
            diagnostics.emplace_back().message = problem.message;
        }
        throw UserError(std::move(diagnostics));
    }
    MYRIAD_CHECK(platform.placement.size() == platform.cards.size(), "placement");
}

}  // namespace

InferenceRun::Parts::Parts(const LlmConfig& model, const InferencePlan& plan, const InferencePlatform& platform)
    : layout(plan.layout()),
      loads(model, plan.shape(), plan.routing, plan.ranks() / plan.expert_parallel),
      programs(make_programs(model, plan, loads)),
      context{.plan = plan,
              .layout = layout,
              .loads = loads,
              .programs = programs,
              .network = platform.network,
              .agenda = platform.agenda,
              .spans = platform.spans,
              .layers = layer_ranges(plan, model),
              .placement = platform.placement,
              .ranks = {},
              .activation = activation_message(model, plan),
              .tokens = token_message(plan),
              .operator_time = std::vector<Picoseconds>(programs.labels.size()),
              .runs = std::vector<std::int64_t>(programs.parts.size()),
              .calls = {}},
      seats(create_seats(layout, loads, model.has_experts(), platform.placement, platform.network)) {
    for (std::int64_t rank = 0; rank < plan.ranks(); ++rank) {
        const auto index = static_cast<std::size_t>(rank);
        ranks.push_back(std::make_unique<InferenceRank>(context, *platform.cards[index], rank, seats[index]));
        context.ranks.push_back(ranks.back().get());
    }
}

InferenceRun::InferenceRun(LlmConfig model, InferencePlan plan, InferencePlatform platform)
    : model_(std::move(model)), plan_(std::move(plan)), platform_(std::move(platform)) {
    throw_if_wrong(model_, plan_, platform_);
    parts_ = std::make_unique<Parts>(model_, plan_, platform_);
}

InferenceRun::~InferenceRun() = default;

void InferenceRun::start() {
    started_ = platform_.agenda.now();
    for (const auto& rank : parts_->ranks) {
        rank->start();
    }
}

bool InferenceRun::finished() const {
    return std::all_of(parts_->ranks.begin(), parts_->ranks.end(), [](const auto& rank) { return rank->finished(); });
}

std::string InferenceRun::unfinished(std::size_t limit) const {
    std::string text;
    for (const auto& rank : parts_->ranks) {
        if (!rank->finished() && limit > 0) {
            text += rank->state() + "\n";
            --limit;
        }
    }
    return text;
}

void InferenceRun::visit_kernels(const KernelVisit& visit) const {
    const InferencePrograms& programs = parts_->programs;
    for (std::size_t part = 0; part < programs.parts.size(); ++part) {
        for (const ProgramStep& step : programs.parts[part].list) {
            if (step.kind == StepKind::compute && parts_->context.runs[part] > 0) {
                visit(programs.labels[step.label], step.kernel, parts_->context.runs[part]);
            }
        }
    }
}

}  // namespace myriad
