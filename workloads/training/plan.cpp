// Validation of a parallel plan, and how layers fall to the positions of a pipeline. Assumptions: the embedding joins
// the first position, final norm, LM head and multi-token prediction the last; the vocabulary is padded until it divides
// (see padded_vocabulary).

#include "workloads/training/plan.h"

#include "sim/error/error.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace myriad {
namespace {

using Problems = std::vector<PlanProblem>;

void check_positive(const ParallelPlan& plan, Problems& problems) {
    const std::pair<const char*, std::int64_t> keys[] = {
        {"tensor_parallel", plan.tensor_parallel}, {"pipeline_parallel", plan.pipeline_parallel},
        {"data_parallel", plan.data_parallel},     {"context_parallel", plan.context_parallel},
        {"expert_parallel", plan.expert_parallel}, {"expert_tensor_parallel", plan.expert_tensor_parallel},
        {"expert_server", plan.expert_server},     {"virtual_stages", plan.virtual_stages},
        {"micro_batch", plan.micro_batch},         {"global_batch", plan.global_batch},
        {"sequence_length", plan.sequence_length}, {"prefetch", plan.prefetch}};
    for (const auto& [key, value] : keys) {
        if (value < 1) {
            problems.push_back({key, fmt::format("{} is {}, expected at least 1", key, value)});
        }
    }
}

void check_supported(const ParallelPlan& plan, Problems& problems) {
    if (plan.zero_stage < 0 || plan.zero_stage > 3) {
        problems.push_back({"zero_stage", fmt::format("zero_stage is {}, expected 0 to 3", plan.zero_stage)});
    }
    if (plan.type != DataType::bf16 && plan.type != DataType::fp16) {
        problems.push_back({"data_type", "unsupported: training in a type other than bf16 or fp16"});
    }
    if (plan.gradient_bytes != 2 && plan.gradient_bytes != 4) {
        problems.push_back({"gradient_type", "gradients are fp32 or bf16"});
    }
}

void check_tensor_parallel(const ParallelPlan& plan, const LlmConfig& model, Problems& problems) {
    const std::int64_t tp = plan.tensor_parallel;
    check_divides(problems, "tensor_parallel", tp, "heads", model.heads, model.name);
    if (!model.has_latent_attention()) {
        check_divides(problems, "tensor_parallel", tp, "kv_heads", model.kv_heads, model.name);
    }
    check_divides(problems, "tensor_parallel", tp, "ffn", model.ffn, model.name);
    if (model.has_linear_attention()) {
        check_divides(problems, "tensor_parallel", tp, "linear-attention key heads", model.linear.key_heads,
                      model.name);
        check_divides(problems, "tensor_parallel", tp, "linear-attention value heads", model.linear.value_heads,
                      model.name);
    }
    const std::int64_t part = plan.sequence_length / plan.context_parallel;
    if (plan.sharded_sequence() && part % tp != 0) {
        problems.push_back(
            {"sequence_length",
             fmt::format(
                 "sequence parallelism divides the sequence: sequence_length {} is not a multiple of "
                 "tensor_parallel {}{}",
                 plan.sequence_length, tp,
                 plan.context_parallel > 1 ? fmt::format(" x context_parallel {}", plan.context_parallel) : "")});
    }
    if (plan.scatter_gather_pipeline && !plan.sharded_sequence() &&
        plan.micro_batch * plan.sequence_length * model.hidden % tp != 0) {
        problems.push_back({"scatter_gather_pipeline", "the activation does not divide by tensor_parallel"});
    }
}

void check_context_parallel(const ParallelPlan& plan, const LlmConfig& model, Problems& problems) {
    const std::int64_t cp = plan.context_parallel;
    if (cp == 1) {
        return;
    }
    if (plan.sequence_length % (2 * cp) != 0) {
        problems.push_back(
            {"context_parallel", fmt::format("context parallelism gives a rank two pieces of each sequence: "
                                             "sequence_length {} is not a multiple of 2 x context_parallel {}",
                                             plan.sequence_length, cp)});
    }
    if (plan.attention == AttentionKernel::unfused) {
        problems.push_back({"attention", "context parallelism needs attention: flash"});
    }
    if (model.has_linear_attention()) {
        // Every rank runs the whole sequence of some heads: they are divided by context parallelism too.
        check_divides(problems, "context_parallel", cp * plan.tensor_parallel, "linear-attention key heads",
                      model.linear.key_heads, model.name);
        check_divides(problems, "context_parallel", cp * plan.tensor_parallel, "linear-attention value heads",
                      model.linear.value_heads, model.name);
    }
}

// Exchanges by way of servers.
void check_expert_server(const ParallelPlan& plan, Problems& problems) {
    const std::int64_t ep = plan.expert_parallel;
    if (plan.dispatch != ExpertDispatch::per_server) {
        if (plan.expert_server > 1) {
            problems.push_back({"expert_server", "'expert_server' has no effect without dispatch: per_server"});
        }
        return;
    }
    if (plan.expert_server < 2 || plan.expert_server >= ep || ep % plan.expert_server != 0) {
        problems.push_back(
            {"expert_server", fmt::format("expert_server is {}; dispatch: per_server expects the ranks of an expert "
                                          "group that share a server: a divisor of expert_parallel {}, from 2 to {}",
                                          plan.expert_server, ep, ep / 2)});
    }
    if (plan.routing.distribution != RoutingDistribution::balanced) {
        problems.push_back({"dispatch", "unsupported: dispatch: per_server with routing that is not balanced"});
    }
    if (plan.capacity_factor > 0.0) {
        problems.push_back({"dispatch",
                            "unsupported: dispatch: per_server with a capacity_factor: what is padded "
                            "travels once for each expert"});
    }
}

void check_experts(const ParallelPlan& plan, const LlmConfig& model, Problems& problems) {
    const std::int64_t ep = plan.expert_parallel;
    const std::int64_t etp = plan.expert_tensor_parallel;
    if (!model.has_experts()) {
        if (ep > 1 || etp > 1) {
            problems.push_back({ep > 1 ? "expert_parallel" : "expert_tensor_parallel",
                                fmt::format("{} has no experts to divide", model.name)});
        }
        if (plan.routing.distribution != RoutingDistribution::balanced || plan.capacity_factor > 0.0) {
            problems.push_back({plan.capacity_factor > 0.0 ? "capacity_factor" : "routing",
                                fmt::format("{} has no experts to route to", model.name)});
        }
        if (plan.dispatch == ExpertDispatch::per_server) {
            problems.push_back({"dispatch", fmt::format("{} has no experts to dispatch to", model.name)});
        }
        return;
    }
    check_expert_server(plan, problems);
    check_divides(problems, "expert_parallel", ep, "experts", model.experts.experts, model.name);
    check_divides(problems, "expert_tensor_parallel", etp, "expert width", model.experts.intermediate, model.name);
    const std::int64_t inside = plan.tensor_parallel * plan.context_parallel * plan.data_parallel;
    if (inside % (ep * etp) != 0) {
        problems.push_back(
            {"expert_parallel",
             fmt::format("expert_parallel {} x expert_tensor_parallel {} does not divide the {} ranks of a pipeline "
                         "stage (tensor x context x data parallel)",
                         ep, etp, inside)});
    } else if (ep % plan.expert_server == 0 && !Layout(plan.layout()).pipelines_agree()) {
        problems.push_back({"order", fmt::format("in the order {} the pipelines of experts and of the rest go through "
                                                 "different ranks: put pp last, or choose tensor x context parallel = "
                                                 "expert x expert_tensor parallel",
                                                 order_text(plan.order))});
    }
}

std::string divisors_of(std::int64_t number) {
    std::string list;
    for (std::int64_t d = 1; d <= number; ++d) {
        if (number % d == 0) {
            list += fmt::format("{}{}", list.empty() ? "" : ", ", d);
        }
    }
    return list;
}

void check_pipeline(const ParallelPlan& plan, const LlmConfig& model, Problems& problems) {
    if (plan.schedule == PipelineSchedule::interleaved ? plan.virtual_stages < 2 : plan.virtual_stages > 1) {
        problems.push_back({"virtual_stages", "virtual_stages above 1 and schedule: interleaved belong together"});
        return;
    }
    if (plan.schedule == PipelineSchedule::dualpipe && plan.zero_stage == 3) {
        problems.push_back({"zero_stage", "unsupported: zero_stage 3 with schedule: dualpipe"});
    }
    const std::string problem = problem_of(plan.pipeline());
    if (!problem.empty()) {
        problems.push_back({"schedule", problem});
        return;
    }
    const std::int64_t positions = path_length(plan.pipeline());
    if (!plan.layers_of_stage.empty()) {
        const auto given = static_cast<std::int64_t>(plan.layers_of_stage.size());
        const std::int64_t sum =
            std::accumulate(plan.layers_of_stage.begin(), plan.layers_of_stage.end(), std::int64_t{0});
        if (given != positions || sum != model.layers ||
            *std::min_element(plan.layers_of_stage.begin(), plan.layers_of_stage.end()) < 0) {
            problems.push_back(
                {"layers_of_stage",
                 fmt::format("expected {} counts (a position of the pipeline each) that add up to the {} "
                             "layers of {}, found {} that add up to {}",
                             positions, model.layers, model.name, given, sum)});
        }
        return;
    }
    if (positions > model.layers) {
        problems.push_back(
            {"pipeline_parallel",
             fmt::format("pipeline_parallel {}{} is more than the {} layers of {}; expected one of {}",
                         plan.pipeline_parallel,
                         plan.virtual_stages > 1 ? fmt::format(" x virtual_stages {}", plan.virtual_stages) : "",
                         model.layers, model.name, divisors_of(model.layers))});
    }
}

}  // namespace

void check_divides(std::vector<PlanProblem>& problems, const char* key, std::int64_t degree, const char* what,
                   std::int64_t value, const std::string& model) {
    if (value % degree != 0) {
        problems.push_back(
            {key, fmt::format("{} {} does not divide the {} {} of {}", key, degree, value, what, model)});
    }
}

OperatorShape ParallelPlan::shape() const {
    OperatorShape shape;
    shape.micro_batch = micro_batch;
    shape.sequence_length = sequence_length;
    shape.tensor_parallel = tensor_parallel;
    shape.sequence_parallel = sharded_sequence();
    shape.context_parallel = context_parallel;
    shape.context_exchange = context_exchange;
    shape.expert_parallel = expert_parallel;
    shape.expert_tensor_parallel = expert_tensor_parallel;
    shape.dispatch = dispatch;
    shape.expert_server = expert_server;
    shape.capacity_factor = capacity_factor;
    shape.overlap_shared_experts = overlap_shared_experts;
    shape.attention = attention;
    shape.type = type;
    shape.precision = precision;
    shape.dispatch_fp8 = dispatch_fp8;
    shape.gradient_bytes = gradient_bytes;
    shape.dropout = dropout;
    shape.fusion = fusion;
    shape.fused_accumulation = fused_accumulation;
    return shape;
}

LayoutSizes ParallelPlan::layout() const {
    return {tensor_parallel, context_parallel,       data_parallel, pipeline_parallel,
            expert_parallel, expert_tensor_parallel, order,         expert_server};
}

PipelineShape ParallelPlan::pipeline() const {
    PipelineShape shape;
    shape.schedule = schedule;
    shape.stages = pipeline_parallel;
    shape.chunks = schedule == PipelineSchedule::dualpipe ? 2 : virtual_stages;
    shape.micro_batches = micro_batches();
    return shape;
}

std::vector<LayerRange> layer_ranges(const ParallelPlan& plan, const LlmConfig& model) {
    const std::int64_t positions = path_length(plan.pipeline());
    std::vector<LayerRange> ranges(static_cast<std::size_t>(positions));
    // Uneven: embedding and head weigh a layer each, and what is left over goes to the middle, first positions first.
    const bool uneven = model.layers % positions != 0 && positions > 1;
    const std::int64_t units = model.layers + (uneven ? 2 : 0);
    std::int64_t first = 0;
    for (std::int64_t p = 0; p < positions; ++p) {
        const bool edge = p == 0 || p == positions - 1;
        std::int64_t count = 0;
        if (!plan.layers_of_stage.empty()) {
            count = plan.layers_of_stage[static_cast<std::size_t>(p)];
        } else if (!uneven) {
            count = model.layers / positions;
        } else {
            const std::int64_t rest = units % positions;
            // The positions that take one unit more: the last ones but the head's, then the head's and the first.
            const std::int64_t rank_from_back = edge ? (p == 0 ? positions - 1 : positions - 2) : positions - 2 - p;
            count = units / positions + (rank_from_back < rest ? 1 : 0) - (edge ? 1 : 0);
        }
        ranges[static_cast<std::size_t>(p)] = {first, count};
        first += count;
    }
    MYRIAD_CHECK(first == model.layers, fmt::format("{} of {} layers placed", first, model.layers));
    return ranges;
}

std::vector<PlanProblem> validate(const ParallelPlan& plan, const LlmConfig& model, std::int64_t cards) {
    Problems problems;
    check_positive(plan, problems);
    check_supported(plan, problems);
    if (!problems.empty()) {
        return problems;  // what follows divides by these
    }
    if (plan.ranks() != cards) {
        const std::string context =
            plan.context_parallel > 1 ? fmt::format(" x context_parallel {}", plan.context_parallel) : "";
        problems.push_back(
            {"tensor_parallel",
             fmt::format("tensor_parallel {} x pipeline_parallel {} x data_parallel {}{} is {} ranks, but "
                         "the cluster has {} cards",
                         plan.tensor_parallel, plan.pipeline_parallel, plan.data_parallel, context, plan.ranks(),
                         cards)});
    }
    check_tensor_parallel(plan, model, problems);
    check_context_parallel(plan, model, problems);
    check_experts(plan, model, problems);
    if (plan.global_batch % (plan.data_parallel * plan.micro_batch) != 0) {
        problems.push_back(
            {"global_batch", fmt::format("global_batch {} is not a multiple of data_parallel {} x micro_batch {}",
                                         plan.global_batch, plan.data_parallel, plan.micro_batch)});
    } else {
        check_pipeline(plan, model, problems);
    }
    if (model.max_position > 0 && plan.sequence_length > model.max_position) {
        problems.push_back({"sequence_length", fmt::format("sequence_length {} is above the max_position {} of {}",
                                                           plan.sequence_length, model.max_position, model.name)});
    }
    return problems;
}

}  // namespace myriad
