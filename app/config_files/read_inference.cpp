// An inference workload: model, step and plan, held against the cluster.

#include "app/config_files/read_inference.h"

#include "app/config_files/read_llm.h"
#include "app/config_files/read_training.h"
#include "app/config_files/schemas.h"
#include "app/config_files/words.h"
#include "workloads/inference/memory.h"

#include <fmt/format.h>

namespace myriad {
namespace {

void read_plan(Section& s, InferencePlan& plan) {
    plan.tensor_parallel = s.get<std::int64_t>("tensor_parallel");
    plan.pipeline_parallel = s.get<std::int64_t>("pipeline_parallel");
    plan.data_parallel = s.get<std::int64_t>("data_parallel");
    plan.expert_parallel = s.get<std::int64_t>("expert_parallel");
    plan.expert_tensor_parallel = s.find<std::int64_t>("expert_tensor_parallel").value_or(0);
    const std::string problem = parse_order(s.get<std::string>("order"), plan.order);
    if (!problem.empty()) {
        s.error("order", problem);
    }
    plan.micro_batches = s.find<std::int64_t>("micro_batches").value_or(0);
    plan.layers_of_stage = s.list<std::int64_t>("layers_of_stage");
    plan.sequence_parallel = s.get<bool>("sequence_parallel");
    plan.type = s.enumeration("data_type", kTrainingTypeWords);
    plan.weights = s.enumeration("weight_type", kWeightTypeWords);
    plan.cache = s.enumeration("cache_type", kCacheTypeWords);
    plan.fuse_small_kernels = s.get<bool>("fuse_small_kernels");
    plan.dispatch = s.enumeration("dispatch", kExpertDispatchWords);
    plan.dispatch_fp8 = s.get<bool>("dispatch_fp8");
    plan.overlap_shared_experts = s.get<bool>("overlap_shared_experts");
    if (s.has("routing")) {
        plan.routing = read_routing(s.section("routing"));
    }
    s.finish();
}

void read_step(Section& s, InferencePlan& plan) {
    plan.phase = s.enumeration("phase", kInferencePhaseWords);
    plan.batch = s.get<std::int64_t>("batch");
    plan.steps = s.get<std::int64_t>("steps");
    plan.warmup = s.get<std::int64_t>("warmup");
    const bool decode = plan.phase == InferencePhase::decode;
    const auto tokens = s.find<std::int64_t>("tokens");
    const auto context = s.find<std::int64_t>("context");
    if (decode && tokens) {
        s.error("tokens", "'tokens' has no effect on phase: decode, which makes one token a sequence");
    } else if (!decode && !tokens) {
        s.error("phase", "phase: prefill needs 'tokens', the new ones of each sequence");
    }
    if (decode && !context) {
        s.error("phase", "phase: decode needs 'context', the tokens of each sequence in the cache");
    }
    plan.tokens = decode ? 1 : tokens.value_or(1);
    plan.context = context.value_or(0);
}

void check_types(Section& plan_section, const InferencePlan& plan, const ChipConfig& chip, CardLevel card) {
    const auto need = [&](const PeakTable& peaks, DataType type, const char* units, const char* key) {
        if (peaks.of(type).count() <= 0) {
            plan_section.error(key, fmt::format("this needs {} on the {} units, which {} does not have", name_of(type),
                                                units, chip.name));
        }
    };
    need(chip.tensor, plan.type, "matrix", "data_type");
    need(chip.vector, plan.type, "vector", "data_type");
    need(chip.vector, DataType::fp32, "vector", "data_type");
    if (plan.weights == WeightType::fp8) {
        need(chip.tensor, DataType::fp8, "matrix", "weight_type");
    }
    if (plan.cache == CacheType::fp8 && card != CardLevel::roofline) {
        plan_section.error("cache_type",
                           "card level tile reads keys and values in data_type: cache_type fp8 is for "
                           "level roofline");
    }
}

}  // namespace

InferenceWorkload read_inference(Section s, const ClusterFile& cluster, CardLevel card,
                                 const std::vector<CardId>& placed) {
    InferenceWorkload inference;
    inference.cards = placed;
    inference.model = read_llm(s.section("model")).model;
    read_step(s, inference.plan);
    Section plan_section = s.section("plan");
    read_plan(plan_section, inference.plan);
    const ChipConfig& chip = cluster.chip.chip;
    check_types(plan_section, inference.plan, chip, card);
    std::vector<PlanProblem> problems =
        validate(inference.plan, inference.model, static_cast<std::int64_t>(placed.size()));
    if (problems.empty()) {
        problems = validate_memory(inference.model, inference.plan, chip.hbm.capacity,
                                   chip.tensor.of(DataType::fp8).count() > 0);
    }
    for (const PlanProblem& problem : problems) {
        if (inference_plan_schema().find(problem.key) != nullptr) {
            plan_section.error(problem.key, problem.message);
        } else {
            s.error(problem.key, problem.message);
        }
    }
    s.finish();
    return inference;
}

}  // namespace myriad
