// A training workload: model and plan, held against the cluster.

#include "app/config_files/read_training.h"

#include "app/config_files/read_llm.h"
#include "app/config_files/schemas.h"
#include "app/config_files/words.h"
#include "workloads/training/memory.h"

#include <fmt/format.h>

namespace myriad {
namespace {

void read_degrees(Section& s, ParallelPlan& plan) {
    plan.tensor_parallel = s.get<std::int64_t>("tensor_parallel");
    plan.pipeline_parallel = s.get<std::int64_t>("pipeline_parallel");
    plan.data_parallel = s.get<std::int64_t>("data_parallel");
    plan.context_parallel = s.get<std::int64_t>("context_parallel");
    plan.expert_parallel = s.get<std::int64_t>("expert_parallel");
    plan.expert_tensor_parallel = s.get<std::int64_t>("expert_tensor_parallel");
    const std::string problem = parse_order(s.get<std::string>("order"), plan.order);
    if (!problem.empty()) {
        s.error("order", problem);
    }
    plan.micro_batch = s.get<std::int64_t>("micro_batch");
    plan.global_batch = s.get<std::int64_t>("global_batch");
    plan.sequence_length = s.get<std::int64_t>("sequence_length");
    plan.sequence_parallel = s.get<bool>("sequence_parallel");
    plan.context_exchange = s.enumeration("context_exchange", kContextExchangeWords);
}

void read_overlap_and_memory(Section& s, ParallelPlan& plan) {
    plan.overlap_tensor_parallel = s.get<bool>("overlap_tensor_parallel");
    plan.scatter_gather_pipeline = s.get<bool>("scatter_gather_pipeline");
    plan.overlap_gradient_reduction = s.get<bool>("overlap_gradient_reduction");
    plan.bucket = s.get<Bytes>("bucket");
    plan.clip_gradients = s.get<bool>("clip_gradients");
    plan.recompute = s.enumeration("recompute", kRecomputeWords);
    plan.recompute_layers = s.get<std::int64_t>("recompute_layers");
    if (plan.recompute_layers > 0 && plan.recompute == Recompute::none) {
        s.error("recompute_layers", "'recompute_layers' has no effect on recompute: none");
    }
    plan.schedule = s.enumeration("schedule", kScheduleWords);
    plan.virtual_stages = s.get<std::int64_t>("virtual_stages");
    plan.layers_of_stage = s.list<std::int64_t>("layers_of_stage");
    plan.attention = s.enumeration("attention", kAttentionWords);
    plan.zero_stage = s.get<int>("zero_stage");
    plan.prefetch = s.get<std::int64_t>("prefetch");
}

void read_types(Section& s, ParallelPlan& plan) {
    plan.dropout = s.get<bool>("dropout");
    plan.fusion = s.enumeration("kernels", kKernelFusionWords);
    plan.fused_accumulation = s.get<bool>("fused_accumulation");
    plan.host_issue = s.get<Picoseconds>("host_issue");
    plan.overlap_pipeline = s.get<bool>("overlap_pipeline");
    plan.type = s.enumeration("data_type", kTrainingTypeWords);
    plan.precision = s.enumeration("precision", kPrecisionWords);
    plan.gradient_bytes = s.enumeration("gradient_type", kGradientTypeWords);
    plan.optimizer_bytes = s.enumeration("moment_type", kMomentTypeWords);
}

void read_experts(Section& s, ParallelPlan& plan) {
    plan.dispatch = s.enumeration("dispatch", kExpertDispatchWords);
    plan.expert_server = s.get<std::int64_t>("expert_server");
    plan.dispatch_fp8 = s.get<bool>("dispatch_fp8");
    plan.capacity_factor = s.get<double>("capacity_factor");
    plan.overlap_shared_experts = s.get<bool>("overlap_shared_experts");
    if (s.has("routing")) {
        plan.routing = read_routing(s.section("routing"));
    }
}

ParallelPlan read_plan(Section& s) {
    ParallelPlan plan;
    read_degrees(s, plan);
    read_overlap_and_memory(s, plan);
    read_types(s, plan);
    read_experts(s, plan);
    s.finish();
    return plan;
}

// A step multiplies matrices and works element by element in the plan's types, and updates weights in fp32.
void check_types(Section& plan_section, const ParallelPlan& plan, const ChipConfig& chip) {
    const auto need = [&](const PeakTable& peaks, DataType type, const char* units, const char* key) {
        if (peaks.of(type).count() <= 0) {
            plan_section.error(key, fmt::format("training in {} needs {} on the {} units, which {} does not have",
                                                name_of(plan.precision == Precision::fp8 ? type : plan.type),
                                                name_of(type), units, chip.name));
        }
    };
    need(chip.tensor, plan.type, "matrix", "data_type");
    need(chip.vector, plan.type, "vector", "data_type");
    need(chip.vector, DataType::fp32, "vector", "data_type");
    if (plan.precision == Precision::fp8) {
        need(chip.tensor, DataType::fp8, "matrix", "precision");
    }
}

}  // namespace

RoutingSpec read_routing(Section s) {
    RoutingSpec routing;
    routing.distribution = s.enumeration("distribution", kRoutingWords);
    routing.skew = s.get<double>("skew");
    routing.seed = s.get<std::uint64_t>("seed");
    routing.samples = s.get<int>("samples");
    s.finish();
    return routing;
}

TrainingWorkload read_training(Section s, const ClusterFile& cluster, const std::vector<CardId>& placed) {
    TrainingWorkload training;
    training.cards = placed;
    training.model = read_llm(s.section("model")).model;
    Section plan_section = s.section("plan");
    training.plan = read_plan(plan_section);
    check_types(plan_section, training.plan, cluster.chip.chip);
    std::vector<PlanProblem> problems =
        validate(training.plan, training.model, static_cast<std::int64_t>(placed.size()));
    if (problems.empty()) {
        problems = validate_memory(training.model, training.plan, cluster.chip.chip.hbm.capacity);
    }
    for (const PlanProblem& problem : problems) {
        if (plan_schema().find(problem.key) != nullptr) {
            plan_section.error(problem.key, problem.message);
        } else {
            s.error(problem.key == "model" ? "model" : "plan", problem.message);
        }
    }
    s.finish();
    return training;
}

}  // namespace myriad
