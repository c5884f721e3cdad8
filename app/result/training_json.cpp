// A training step in result.json.

#include "app/result/training_json.h"

#include "app/config_files/words.h"
#include "app/result/explanation_json.h"
#include "app/result/words.h"

#include <nlohmann/json.hpp>

namespace myriad {
namespace {

using Json = nlohmann::json;

template <class T, std::size_t N>
std::string_view word_of(const Word<T> (&words)[N], T value) {
    for (const Word<T>& word : words) {
        if (word.value == value) {
            return word.name;
        }
    }
    return "";
}

Json json_of(const ParallelPlan& plan) {
    Json json = {{"tensor_parallel", plan.tensor_parallel},
                 {"pipeline_parallel", plan.pipeline_parallel},
                 {"data_parallel", plan.data_parallel},
                 {"context_parallel", plan.context_parallel},
                 {"expert_parallel", plan.expert_parallel},
                 {"expert_tensor_parallel", plan.expert_tensor_parallel},
                 {"order", order_text(plan.order)},
                 {"micro_batch_sequences", plan.micro_batch},
                 {"global_batch_sequences", plan.global_batch},
                 {"sequence_length_tokens", plan.sequence_length},
                 {"micro_batches", plan.micro_batches()},
                 {"sequence_parallel", plan.sequence_parallel},
                 {"schedule", word_of(kScheduleWords, plan.schedule)},
                 {"virtual_stages", plan.virtual_stages},
                 {"recompute", word_of(kRecomputeWords, plan.recompute)},
                 {"precision", word_of(kPrecisionWords, plan.precision)},
                 {"zero_stage", plan.zero_stage}};
    return json;
}

Json json_of(const MemoryUse& use) {
    return {{"weights_bytes", use.weights.count()},     {"gradients_bytes", use.gradients.count()},
            {"optimizer_bytes", use.optimizer.count()}, {"activations_bytes", use.activations.count()},
            {"transient_bytes", use.transient.count()}, {"total_bytes", use.total().count()}};
}

Json json_of(const Spread& spread) {
    return {{"min_ps", spread.min.count()}, {"mean_ps", spread.mean.count()}, {"max_ps", spread.max.count()}};
}

Json rates_of(const TrainingResult& result) {
    return {{"tokens_per_s", result.tokens_per_second},
            {"tokens_per_s_per_card", result.tokens_per_second_per_card},
            {"model_flop", result.model_flop.count()},
            {"model_flop_unmasked", result.model_flop_unmasked.count()},
            {"executed_flop", result.executed_flop.count()},
            {"peak_flop_per_s", result.peak.count()},
            {"mfu", result.mfu},
            {"mfu_unmasked", result.mfu_unmasked},
            {"hfu", result.hfu}};
}

Json operators_of(const TrainingReport& training) {
    Json operators = Json::array();
    for (const OperatorTime& op : training.result.operators) {
        Json row = {{"name", op.label},
                    {"kind", name_of(op.kind)},
                    {"mean_per_card_ps", op.mean_per_card.count()},
                    {"total_ps", op.total.count()}};
        if (const OperatorLimit* limit = limit_of(training, op.label)) {
            row["limit"] = name_of(limit->limit);
            row["plan"] = limit->plan;
            row["why"] = limit->why;
        }
        operators.push_back(std::move(row));
    }
    return operators;
}

}  // namespace

std::string training_json(const TrainingReport& training) {
    const TrainingResult& result = training.result;
    Json time = Json::object();
    Json busy = Json::object();
    for (std::size_t i = 0; i < kSpanKinds; ++i) {
        const auto kind = static_cast<SpanKind>(i);
        time[std::string(name_of(kind))] = json_of(result.of(kind));
        if (is_collective(kind)) {
            busy[std::string(name_of(kind))] = result.busy_of(kind).count();
        }
    }
    Json memory = Json::array();
    for (const MemoryUse& use : training.memory) {
        memory.push_back(json_of(use));
    }
    Json json = {{"model", training.model},
                 {"plan", json_of(training.plan)},
                 {"cards", result.cards},
                 {"tokens", result.tokens},
                 {"step_time_ps", result.step_time.count()},
                 {"lower_bound_ps", result.lower_bound.count()},
                 {"rates", rates_of(result)},
                 {"time_per_card", std::move(time)},
                 {"bubble", {{"fraction", result.bubble_fraction}, {"ideal_fraction", result.ideal_bubble_fraction}}},
                 {"collectives_busy_ps", std::move(busy)},
                 {"operators", operators_of(training)},
                 {"pipeline_messages", result.messages},
                 {"pipeline_message_bytes", result.message_bytes.count()},
                 {"collectives", result.collectives},
                 {"programs", result.programs},
                 {"memory_by_stage", std::move(memory)},
                 {"memory_capacity_bytes", training.capacity.count()}};
    if (training.has_experts) {
        json["experts"] = {{"imbalance", result.imbalance}, {"dropped", result.dropped}};
    }
    if (training.explanation) {
        json["explanation"] = Json::parse(explanation_json(*training.explanation));
    }
    return json.dump();
}

}  // namespace myriad
