// Validation of a plan. Key-value heads may be fewer than tensor-parallel ranks: then several ranks hold the same one.

#include "workloads/inference/plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace myriad {
namespace {

using Problems = std::vector<PlanProblem>;

void check_positive(const InferencePlan& plan, Problems& problems) {
    const std::pair<const char*, std::int64_t> keys[] = {{"tensor_parallel", plan.tensor_parallel},
                                                         {"pipeline_parallel", plan.pipeline_parallel},
                                                         {"data_parallel", plan.data_parallel},
                                                         {"expert_parallel", plan.expert_parallel},
                                                         {"batch", plan.batch},
                                                         {"tokens", plan.tokens},
                                                         {"steps", plan.steps},
                                                         {"warmup", plan.warmup}};
    for (const auto& [key, value] : keys) {
        if (value < 1) {
            problems.push_back({key, fmt::format("{} is {}, expected at least 1", key, value)});
        }
    }
    if (plan.context < 0) {
        problems.push_back({"context", fmt::format("context is {}, expected at least 0", plan.context)});
    }
}

void check_tensor_parallel(const InferencePlan& plan, const LlmConfig& model, Problems& problems) {
    const std::int64_t tp = plan.tensor_parallel;
    check_divides(problems, "tensor_parallel", tp, "heads", model.heads, model.name);
    if (!model.has_latent_attention() && model.kv_heads % tp != 0 && tp % model.kv_heads != 0) {
        problems.push_back(
            {"tensor_parallel", fmt::format("tensor_parallel {} neither divides the {} kv_heads of {} nor is a "
                                            "multiple of them",
                                            tp, model.kv_heads, model.name)});
    }
    check_divides(problems, "tensor_parallel", tp, "ffn", model.ffn, model.name);
    if (model.has_linear_attention()) {
        check_divides(problems, "tensor_parallel", tp, "linear-attention key heads", model.linear.key_heads,
                      model.name);
        check_divides(problems, "tensor_parallel", tp, "linear-attention value heads", model.linear.value_heads,
                      model.name);
    }
}

void check_experts(const InferencePlan& plan, const LlmConfig& model, Problems& problems) {
    const std::int64_t ep = plan.expert_parallel;
    const std::int64_t etp = plan.tensor_of_experts();
    if (!model.has_experts()) {
        if (ep > 1 || plan.expert_tensor_parallel > 0) {
            problems.push_back({ep > 1 ? "expert_parallel" : "expert_tensor_parallel",
                                fmt::format("{} has no experts to divide", model.name)});
        }
        if (plan.routing.distribution != RoutingDistribution::balanced) {
            problems.push_back({"routing", fmt::format("{} has no experts to route to", model.name)});
        }
        return;
    }
    if (plan.dispatch == ExpertDispatch::per_server) {
        problems.push_back({"dispatch", "unsupported: inference with dispatch per_server"});
    }
    check_divides(problems, "expert_parallel", ep, "experts", model.experts.experts, model.name);
    check_divides(problems, "expert_tensor_parallel", etp, "expert width", model.experts.intermediate, model.name);
    if (plan.dispatch == ExpertDispatch::per_server) {
        problems.push_back({"dispatch",
                            "unsupported: dispatch: per_server in inference; expected per_rank or "
                            "per_expert"});
    }
    const std::int64_t inside = plan.tensor_parallel * plan.data_parallel;
    if (inside % (ep * etp) != 0) {
        problems.push_back(
            {"expert_parallel",
             fmt::format("expert_parallel {} x expert_tensor_parallel {} does not divide the {} ranks of a pipeline "
                         "stage (tensor x data parallel)",
                         ep, etp, inside)});
    } else if (!Layout(plan.layout()).pipelines_agree()) {
        problems.push_back({"order", fmt::format("in the order {} the pipelines of experts and of the rest go through "
                                                 "different ranks: put pp last",
                                                 order_text(plan.order))});
    }
}

void check_layers(const InferencePlan& plan, const LlmConfig& model, Problems& problems) {
    if (plan.layers_of_stage.empty()) {
        if (plan.pipeline_parallel > model.layers) {
            problems.push_back(
                {"pipeline_parallel", fmt::format("pipeline_parallel {} is more than the {} layers of {}",
                                                  plan.pipeline_parallel, model.layers, model.name)});
        }
        return;
    }
    const auto given = static_cast<std::int64_t>(plan.layers_of_stage.size());
    const std::int64_t sum = std::accumulate(plan.layers_of_stage.begin(), plan.layers_of_stage.end(), std::int64_t{0});
    if (given != plan.pipeline_parallel || sum != model.layers ||
        *std::min_element(plan.layers_of_stage.begin(), plan.layers_of_stage.end()) < 0) {
        problems.push_back({"layers_of_stage",
                            fmt::format("expected {} counts (a pipeline stage each) that add up to the {} layers of "
                                        "{}, found {} that add up to {}",
                                        plan.pipeline_parallel, model.layers, model.name, given, sum)});
    }
}

void check_batch(const InferencePlan& plan, const LlmConfig& model, Problems& problems) {
    const std::int64_t parts = plan.data_parallel * plan.passes();
    if (plan.batch % parts != 0) {
        problems.push_back({"batch", fmt::format("batch {} is not a multiple of data_parallel {} x micro_batches {}{}",
                                                 plan.batch, plan.data_parallel, plan.passes(),
                                                 plan.micro_batches == 0 ? " (a pipeline stage each)" : "")});
        return;
    }
    const std::int64_t tokens = plan.sequences_of_pass() * plan.new_tokens();
    if (plan.sequence_parallel && plan.tensor_parallel > 1 && tokens % plan.tensor_parallel != 0) {
        problems.push_back(
            {"sequence_parallel", fmt::format("sequence parallelism divides the {} tokens of a micro-batch by "
                                              "tensor_parallel {}, which leaves a rest",
                                              tokens, plan.tensor_parallel)});
    }
    if (model.max_position > 0 && plan.context + plan.new_tokens() > model.max_position) {
        problems.push_back({plan.phase == InferencePhase::decode ? "context" : "tokens",
                            fmt::format("context {} and {} new are above the max_position {} of {}", plan.context,
                                        plan.new_tokens(), model.max_position, model.name)});
    }
}

}  // namespace

OperatorShape InferencePlan::shape() const {
    OperatorShape shape;
    shape.phase = phase == InferencePhase::decode ? ModelPhase::decode : ModelPhase::prefill;
    shape.micro_batch = sequences_of_pass();
    shape.sequence_length = new_tokens();
    shape.context = context;
    shape.tensor_parallel = tensor_parallel;
    shape.sequence_parallel = sequence_parallel && tensor_parallel > 1;
    shape.expert_parallel = expert_parallel;
    shape.expert_tensor_parallel = tensor_of_experts();
    shape.dispatch = dispatch;
    shape.overlap_shared_experts = overlap_shared_experts;
    shape.type = type;
    shape.precision = weights == WeightType::fp8 ? Precision::fp8 : Precision::plain;
    shape.dispatch_fp8 = dispatch_fp8;
    return shape;
}

LayoutSizes InferencePlan::layout() const {
    LayoutSizes sizes;
    sizes.tensor = tensor_parallel;
    sizes.data = data_parallel;
    sizes.pipeline = pipeline_parallel;
    sizes.expert = expert_parallel;
    // Dense models have the same ranks inside and outside of the experts that they have not.
    sizes.expert_tensor = tensor_of_experts();
    sizes.order = order;
    return sizes;
}

std::vector<LayerRange> layer_ranges(const InferencePlan& plan, const LlmConfig& model) {
    ParallelPlan stages;
    stages.pipeline_parallel = plan.pipeline_parallel;
    stages.schedule = PipelineSchedule::gpipe;
    stages.layers_of_stage = plan.layers_of_stage;
    return layer_ranges(stages, model);
}

std::vector<PlanProblem> validate(const InferencePlan& plan, const LlmConfig& model, std::int64_t cards) {
    Problems problems;
    check_positive(plan, problems);
    if (plan.type != DataType::bf16 && plan.type != DataType::fp16) {
        problems.push_back({"data_type", "unsupported: activations in a type other than bf16 or fp16"});
    }
    if (!problems.empty()) {
        return problems;  // what follows divides by these
    }
    if (plan.ranks() != cards) {
        problems.push_back(
            {"tensor_parallel",
             fmt::format("tensor_parallel {} x pipeline_parallel {} x data_parallel {} is {} "
                         "ranks, but the cluster has {} cards",
                         plan.tensor_parallel, plan.pipeline_parallel, plan.data_parallel, plan.ranks(), cards)});
    }
    check_tensor_parallel(plan, model, problems);
    check_experts(plan, model, problems);
    check_layers(plan, model, problems);
    check_batch(plan, model, problems);
    return problems;
}

}  // namespace myriad
