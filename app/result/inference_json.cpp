// Inference in result.json.

#include "app/result/inference_json.h"

#include "app/result/words.h"

#include <nlohmann/json.hpp>

namespace myriad {
namespace {

using Json = nlohmann::json;

Json json_of(const InferencePlan& plan) {
    const bool decode = plan.phase == InferencePhase::decode;
    return {{"phase", decode ? "decode" : "prefill"},
            {"tensor_parallel", plan.tensor_parallel},
            {"pipeline_parallel", plan.pipeline_parallel},
            {"data_parallel", plan.data_parallel},
            {"expert_parallel", plan.expert_parallel},
            {"expert_tensor_parallel", plan.tensor_of_experts()},
            {"order", order_text(plan.order)},
            {"batch_sequences", plan.batch},
            {"micro_batches", plan.passes()},
            {"new_tokens", plan.new_tokens()},
            {"context_tokens", plan.context},
            {"sequence_parallel", plan.sequence_parallel},
            {"data_type", name_of(plan.type)},
            {"weight_type", plan.weights == WeightType::fp8 ? "fp8" : name_of(plan.type)},
            {"cache_type", plan.cache == CacheType::fp8 ? "fp8" : name_of(plan.type)},
            {"fuse_small_kernels", plan.fuse_small_kernels},
            {"warmup_steps", plan.warmup},
            {"measured_steps", plan.steps}};
}

Json json_of(const Spread& spread) {
    return {{"min_ps", spread.min.count()}, {"mean_ps", spread.mean.count()}, {"max_ps", spread.max.count()}};
}

Json json_of(const BindTimes& times) {
    Json json = Json::object();
    for (std::size_t i = 0; i < kKernelBinds; ++i) {
        json[std::string(name_of(static_cast<KernelBind>(i)))] = times[i].count();
    }
    return json;
}

Json json_of(const TokenCost& cost) {
    Json json = {{"usd_per_million_tokens", cost.usd},
                 {"low_usd_per_million_tokens", cost.low},
                 {"high_usd_per_million_tokens", cost.high},
                 {"rent_usd_per_card_hour", cost.rent.value.count()},
                 {"rent_status", name_of(cost.rent.status)}};
    if (cost.rent.range) {
        json["rent_range_usd_per_card_hour"] = {cost.rent.range->first.count(), cost.rent.range->second.count()};
    }
    return json;
}

Json memory_of(const InferenceReport& inference) {
    Json stages = Json::array();
    for (const InferenceMemory& use : inference.memory) {
        stages.push_back({{"weights_bytes", use.weights.count()},
                          {"cache_bytes", use.cache.count()},
                          {"activations_bytes", use.activations.count()},
                          {"total_bytes", use.total().count()}});
    }
    return stages;
}

Json operators_of(const InferenceReport& inference) {
    Json operators = Json::array();
    for (const OperatorTime& op : inference.result.operators) {
        Json row = {{"name", op.label}, {"mean_per_card_ps", op.mean_per_card.count()}, {"total_ps", op.total.count()}};
        if (const OperatorBind* bind = bind_of(inference, op.label)) {
            row["binds"] = name_of(bind->most());
            row["binds_ps"] = json_of(bind->time);
        }
        operators.push_back(std::move(row));
    }
    return operators;
}

Json binds_of(const InferenceReport& inference) {
    BindTimes times{};
    for (std::size_t i = 0; i < kKernelBinds; ++i) {
        times[i] = inference.time_of(static_cast<KernelBind>(i));
    }
    Json json = json_of(times);
    json["slowed"] = inference.slowed.count();
    json["communication"] = communication_of(inference.result).count();
    json["bubble"] = inference.result.of(SpanKind::bubble).mean.count();
    return json;
}

}  // namespace

std::string inference_json(const InferenceReport& inference) {
    const InferenceResult& result = inference.result;
    Json time = Json::object();
    Json busy = Json::object();
    for (const SpanKind kind :
         {SpanKind::compute, SpanKind::tensor, SpanKind::expert, SpanKind::pipeline, SpanKind::bubble}) {
        time[std::string(name_of(kind))] = json_of(result.of(kind));
        if (is_collective(kind)) {
            busy[std::string(name_of(kind))] = result.busy_of(kind).count();
        }
    }
    Json json = {{"model", inference.model},
                 {"plan", json_of(inference.plan)},
                 {"cards", result.cards},
                 {"sequences", result.sequences},
                 {"tokens", result.tokens},
                 {"step_time_ps", result.step_time.count()},
                 {"shortest_step_ps", result.shortest_step.count()},
                 {"longest_step_ps", result.longest_step.count()},
                 {"lower_bound_ps", result.lower_bound.count()},
                 {"tokens_per_s", result.tokens_per_second},
                 {"tokens_per_s_per_card", result.tokens_per_second_per_card},
                 {"model_flop", result.model_flop.count()},
                 {"peak_flop_per_s", result.peak.count()},
                 {"mfu", result.mfu},
                 {"time_per_card", std::move(time)},
                 {"collectives_busy_ps", std::move(busy)},
                 {"binds_ps", binds_of(inference)},
                 {"operators", operators_of(inference)},
                 {"pipeline_messages", result.messages},
                 {"pipeline_message_bytes", result.message_bytes.count()},
                 {"collectives", result.collectives},
                 {"memory_by_stage", memory_of(inference)},
                 {"memory_capacity_bytes", inference.capacity.count()}};
    if (result.phase == InferencePhase::decode) {
        const MemoryBound& bound = result.memory_bound;
        json["hbm_bound"] = {{"weights_bytes", bound.weights.count()},
                             {"cache_bytes", bound.cache.count()},
                             {"peak_bytes_per_s", inference.memory_peak.count()},
                             {"streaming_bytes_per_s", inference.memory_streaming.count()},
                             {"at_peak_ps", bound.at_peak.count()},
                             {"at_streaming_ps", bound.at_streaming.count()}};
    } else {
        json["first_tokens_ps"] = result.first_tokens.count();
        json["all_first_tokens_ps"] = result.all_first_tokens.count();
    }
    if (inference.has_experts) {
        json["experts"] = {{"imbalance", result.imbalance},
                           {"visited_of_a_card", result.experts_hit},
                           {"held_by_a_card", result.experts_held}};
    }
    if (inference.cost) {
        json["cost"] = json_of(*inference.cost);
    }
    return json.dump();
}

}  // namespace myriad
