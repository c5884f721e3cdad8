// Validation of a parallel plan and the order of a pipeline stage. Assumptions: every stage has the same number of
// layers; the embedding joins the first stage, final norm and LM head the last; the vocabulary is padded until it
// divides (see padded_vocabulary).

#include "workloads/training/plan.h"

#include "sim/error/error.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace myriad {
namespace {

using Problems = std::vector<PlanProblem>;

void check_positive(const ParallelPlan& plan, Problems& problems) {
    const std::pair<const char*, std::int64_t> keys[] = {
        {"tensor_parallel", plan.tensor_parallel}, {"pipeline_parallel", plan.pipeline_parallel},
        {"data_parallel", plan.data_parallel},     {"micro_batch", plan.micro_batch},
        {"global_batch", plan.global_batch},       {"sequence_length", plan.sequence_length}};
    for (const auto& [key, value] : keys) {
        if (value < 1) {
            problems.push_back({key, fmt::format("{} is {}, expected at least 1", key, value)});
        }
    }
}

void check_supported(const ParallelPlan& plan, const LlmConfig& model, Problems& problems) {
    const auto unsupported = [&](const char* what) {
        problems.push_back({"model", fmt::format("unsupported: training of {} ({}); this version trains dense "
                                                 "transformers only",
                                                 model.name, what)});
    };
    if (model.has_experts()) {
        unsupported("mixture of experts");
    } else if (model.has_latent_attention()) {
        unsupported("latent attention");
    } else if (model.has_linear_attention()) {
        unsupported("linear attention");
    } else if (!model.is_plain_dense()) {
        unsupported("gated attention output");
    }
    if (plan.zero_stage < 0 || plan.zero_stage > 1) {
        problems.push_back({"zero_stage", fmt::format("zero_stage is {}, expected 0 or 1", plan.zero_stage)});
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
    const std::pair<const char*, std::int64_t> divided[] = {
        {"heads", model.heads}, {"kv_heads", model.kv_heads}, {"ffn", model.ffn}};
    for (const auto& [what, value] : divided) {
        if (value % tp != 0) {
            problems.push_back({"tensor_parallel", fmt::format("tensor_parallel {} does not divide the {} {} of {}", tp,
                                                               value, what, model.name)});
        }
    }
    if (plan.sharded_sequence() && plan.sequence_length % tp != 0) {
        problems.push_back(
            {"sequence_length", fmt::format("sequence parallelism divides the sequence: sequence_length {} is not a "
                                            "multiple of tensor_parallel {}",
                                            plan.sequence_length, tp)});
    }
    if (plan.scatter_gather_pipeline && !plan.sharded_sequence() &&
        plan.micro_batch * plan.sequence_length * model.hidden % tp != 0) {
        problems.push_back({"scatter_gather_pipeline", "the activation does not divide by tensor_parallel"});
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

}  // namespace

OperatorShape ParallelPlan::shape() const {
    OperatorShape shape;
    shape.micro_batch = micro_batch;
    shape.sequence_length = sequence_length;
    shape.tensor_parallel = tensor_parallel;
    shape.sequence_parallel = sharded_sequence();
    shape.attention = attention;
    shape.type = type;
    shape.gradient_bytes = gradient_bytes;
    return shape;
}

RankPlace place_of(const ParallelPlan& plan, std::int64_t rank) {
    MYRIAD_CHECK(rank >= 0 && rank < plan.ranks(), fmt::format("rank {} of {}", rank, plan.ranks()));
    const std::int64_t tp = plan.tensor_parallel;
    return {rank % tp, rank / tp % plan.data_parallel, rank / (tp * plan.data_parallel)};
}

std::int64_t rank_of(const ParallelPlan& plan, const RankPlace& place) {
    return place.tp + plan.tensor_parallel * (place.dp + plan.data_parallel * place.pp);
}

std::vector<PlanProblem> validate(const ParallelPlan& plan, const LlmConfig& model, std::int64_t cards) {
    Problems problems;
    check_positive(plan, problems);
    check_supported(plan, model, problems);
    if (!problems.empty()) {
        return problems;  // what follows divides by these
    }
    if (plan.ranks() != cards) {
        problems.push_back(
            {"tensor_parallel",
             fmt::format("tensor_parallel {} x pipeline_parallel {} x data_parallel {} is {} ranks, but "
                         "the cluster has {} cards",
                         plan.tensor_parallel, plan.pipeline_parallel, plan.data_parallel, plan.ranks(), cards)});
    }
    check_tensor_parallel(plan, model, problems);
    if (model.layers % plan.pipeline_parallel != 0) {
        problems.push_back({"pipeline_parallel",
                            fmt::format("pipeline_parallel {} does not divide the {} layers of {}; expected one of {}",
                                        plan.pipeline_parallel, model.layers, model.name, divisors_of(model.layers))});
    }
    if (plan.global_batch % (plan.data_parallel * plan.micro_batch) != 0) {
        problems.push_back(
            {"global_batch", fmt::format("global_batch {} is not a multiple of data_parallel {} x micro_batch {}",
                                         plan.global_batch, plan.data_parallel, plan.micro_batch)});
    }
    if (model.max_position > 0 && plan.sequence_length > model.max_position) {
        problems.push_back({"sequence_length", fmt::format("sequence_length {} is above the max_position {} of {}",
                                                           plan.sequence_length, model.max_position, model.name)});
    }
    return problems;
}

// 1F1B: a warm-up of forwards until the first backward can arrive, then forward and backward in turn, then the
// backwards that are left. GPipe: all forwards, then all backwards in the same order.
PipelineSlot pipeline_slot(const ParallelPlan& plan, std::int64_t stage, std::int64_t slot) {
    const std::int64_t count = plan.micro_batches();
    MYRIAD_CHECK(slot >= 0 && slot < 2 * count, fmt::format("slot {} of {}", slot, 2 * count));
    const bool gpipe = plan.schedule == PipelineSchedule::gpipe;
    const std::int64_t warm_up = gpipe ? count : std::min(plan.pipeline_parallel - stage - 1, count);
    if (slot < warm_up) {
        return {true, slot};
    }
    const std::int64_t steady = count - warm_up;
    if (slot < warm_up + 2 * steady) {
        const std::int64_t pair = (slot - warm_up) / 2;
        return (slot - warm_up) % 2 == 0 ? PipelineSlot{true, warm_up + pair} : PipelineSlot{false, pair};
    }
    return {false, slot - count};
}

std::int64_t micro_batches_in_flight(const ParallelPlan& plan, std::int64_t stage) {
    const std::int64_t count = plan.micro_batches();
    return plan.schedule == PipelineSchedule::gpipe ? count : std::min(plan.pipeline_parallel - stage, count);
}

}  // namespace myriad
