// Inference for the reader: time of a step and what it is bounded by, what a million tokens cost, the step divided among
// what binds it (the parts add up to it), memory a stage.

#include "app/result/inference_summary.h"

#include "app/result/aligned_table.h"
#include "app/result/training_summary.h"
#include "app/result/words.h"
#include "sim/units/quantity_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace myriad {
namespace {

constexpr std::size_t kOperatorsShown = 12;
constexpr double kBarWidth = 40.0;         // of the whole step
constexpr double kSmallestShown = 0.0005;  // what is less is rounding

double share_of(Picoseconds part, Picoseconds whole) {
    return whole.count() > 0 ? seconds(part) / seconds(whole) : 0.0;
}

std::string line(const std::string& label, const std::string& text) {
    return paragraph(label, text, kSummaryIndent, kSummaryWidth);
}

bool is_decode(const InferenceReport& inference) { return inference.result.phase == InferencePhase::decode; }

std::string step_text(const InferenceReport& inference) {
    const InferenceResult& result = inference.result;
    std::string text =
        fmt::format("{}; lower bound without contention {} ({} of it)", human_text(result.step_time),
                    human_text(result.lower_bound), percent(share_of(result.lower_bound, result.step_time)));
    const std::string shortest = human_text(result.shortest_step);
    if (const std::string longest = human_text(result.longest_step); longest != shortest) {
        text += fmt::format("; steps took {} to {}", shortest, longest);
    }
    if (is_decode(inference)) {
        return line("TPOT", "time per output token " + text);
    }
    std::string first = fmt::format("time to first token {} from idle cards", human_text(result.all_first_tokens));
    if (result.first_tokens != result.all_first_tokens) {
        first += fmt::format(" (of the first micro-batch {})", human_text(result.first_tokens));
    }
    return line("TTFT", first) + line("batch", "one after another every " + text);
}

std::string bound_text(const InferenceReport& inference) {
    const InferenceResult& result = inference.result;
    const MemoryBound& bound = result.memory_bound;
    if (!is_decode(inference) || bound.at_peak.count() == 0) {
        return "";
    }
    return line("HBM bound",
                fmt::format("{} of TPOT: {} of weights and {} of cache a step take {} at the {} that streaming "
                            "reaches; {} ({}) at the peak of {}",
                            percent(share_of(bound.at_streaming, result.step_time)), human_text(bound.weights),
                            human_text(bound.cache), human_text(bound.at_streaming),
                            human_text(inference.memory_streaming), human_text(bound.at_peak),
                            percent(share_of(bound.at_peak, result.step_time)), human_text(inference.memory_peak)));
}

std::string cost_text(const InferenceReport& inference) {
    const std::string_view what = is_decode(inference) ? "output" : "prompt";
    if (!inference.cost) {
        return line("cost", "not known: the chip's file has no rent");
    }
    const TokenCost& cost = *inference.cost;
    const std::string range =
        cost.low != cost.high ? fmt::format(" ({} to {})", figure(cost.low), figure(cost.high)) : "";
    const std::string rents = cost.rent.range ? fmt::format(", {} to {}", human_text(cost.rent.range->first),
                                                            human_text(cost.rent.range->second))
                                              : "";
    return line("cost", fmt::format("{} USD{} a million {} tokens; rent of a card {} ({}{})", figure(cost.usd), range,
                                    what, human_text(cost.rent.value), name_of(cost.rent.status), rents));
}

std::string rates_text(const InferenceReport& inference) {
    const InferenceResult& result = inference.result;
    std::string out = step_text(inference);
    out += line("throughput", fmt::format("{} tokens/s, {} tokens/s per card; {} sequences, {} tokens a step",
                                          figure(result.tokens_per_second), figure(result.tokens_per_second_per_card),
                                          grouped(result.sequences), grouped(result.tokens)));
    out += line("MFU", fmt::format("{} of {} (the {} peak of {} cards)", percent(result.mfu), human_text(result.peak),
                                   inference.plan.weights == WeightType::fp8 ? name_of(DataType::fp8)
                                                                             : name_of(inference.plan.type),
                                   grouped(result.cards)));
    out += bound_text(inference);
    if (inference.has_experts) {
        out += line("experts",
                    fmt::format("a micro-batch visits {} of the {} of a card and layer{}", figure(result.experts_hit),
                                result.experts_held,
                                result.imbalance > 1.0
                                    ? fmt::format("; the fullest card has {:.2f}x the mean of tokens", result.imbalance)
                                    : ""));
    }
    return out + cost_text(inference);
}

class StepTable {
public:
    explicit StepTable(Picoseconds step)
        : step_(step), table_({{"", Align::left}, {"time"}, {"of step"}, {"", Align::left}}) {}
    void add(const std::string& name, Picoseconds time) {
        const double share = share_of(time, step_);
        table_.add({name, human_text(time), percent(share),
                    std::string(static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * kBarWidth)), '#')});
    }
    [[nodiscard]] std::string text() const { return table_.text(2); }

private:
    Picoseconds step_;
    AlignedTable table_;
};

std::string binds_text(const InferenceReport& inference) {
    const InferenceResult& result = inference.result;
    StepTable table(result.step_time);
    for (std::size_t i = 0; i < kKernelBinds; ++i) {
        const auto bind = static_cast<KernelBind>(i);
        if (const Picoseconds time = inference.time_of(bind); time.count() > 0) {
            table.add(bind == KernelBind::launch ? "launches of kernels" : std::string(name_of(bind)), time);
        }
    }
    if (share_of(inference.slowed, result.step_time) >= kSmallestShown) {
        table.add("slower than alone", inference.slowed);
    }
    table.add("communication", communication_of(result));
    for (const SpanKind kind : {SpanKind::tensor, SpanKind::expert, SpanKind::pipeline}) {
        if (result.of(kind).max.count() > 0) {
            table.add("  " + std::string(name_of(kind)), result.of(kind).mean);
        }
    }
    table.add("bubble", result.of(SpanKind::bubble).mean);
    return fmt::format("What binds a step (mean over {} cards)\n", grouped(result.cards)) + table.text();
}

std::string operators_text(const InferenceReport& inference) {
    const InferenceResult& result = inference.result;
    AlignedTable table({{"operator", Align::left}, {"time"}, {"of step"}, {"binds", Align::left}});
    Picoseconds others{0};
    for (std::size_t i = 0; i < result.operators.size(); ++i) {
        const OperatorTime& op = result.operators[i];
        if (i >= kOperatorsShown) {
            others += op.mean_per_card;
            continue;
        }
        const OperatorBind* bind = bind_of(inference, op.label);
        table.add({op.label, human_text(op.mean_per_card), percent(share_of(op.mean_per_card, result.step_time)),
                   bind == nullptr ? "" : std::string(name_of(bind->most()))});
    }
    if (others.count() > 0) {
        table.add({fmt::format("{} others", result.operators.size() - kOperatorsShown), human_text(others),
                   percent(share_of(others, result.step_time)), ""});
    }
    return table.text(2);
}

std::string gib_text(Bytes size) {
    constexpr double kGib = 1073741824.0;
    constexpr double kSmallest = 0.005;
    const double gib = static_cast<double>(size.count()) / kGib;
    return size.count() > 0 && gib < kSmallest ? human_text(size) : fmt::format("{:.2f} GiB", gib);
}

std::string memory_text(const InferenceReport& inference) {
    constexpr std::size_t kStagesShown = 16;
    AlignedTable table({{"stage"}, {"weights"}, {"cache"}, {"activations"}, {"total"}, {"of card"}});
    for (std::size_t stage = 0; stage < std::min(kStagesShown, inference.memory.size()); ++stage) {
        const InferenceMemory& use = inference.memory[stage];
        const double share = static_cast<double>(use.total().count()) / static_cast<double>(inference.capacity.count());
        table.add({std::to_string(stage), gib_text(use.weights), gib_text(use.cache), gib_text(use.activations),
                   gib_text(use.total()), percent(share)});
    }
    std::string out =
        fmt::format("Memory of a card, by pipeline stage ({} each)\n", human_text(inference.capacity)) + table.text(2);
    if (inference.memory.size() > kStagesShown) {
        out += fmt::format("  {} more stages: see result.json\n", inference.memory.size() - kStagesShown);
    }
    return out;
}

}  // namespace

std::string plan_line(const InferenceReport& inference) {
    const InferencePlan& plan = inference.plan;
    std::string step =
        plan.phase == InferencePhase::decode
            ? fmt::format("decode of {} sequences at a context of {}", grouped(plan.batch), grouped(plan.context))
            : fmt::format("prefill of {} x {} tokens", grouped(plan.batch), grouped(plan.tokens));
    if (plan.phase == InferencePhase::prefill && plan.context > 0) {
        step += fmt::format(" after {}", grouped(plan.context));
    }
    std::string degrees = fmt::format("tensor {} x data {} x pipeline {}", plan.tensor_parallel, plan.data_parallel,
                                      plan.pipeline_parallel);
    if (inference.has_experts) {
        degrees += fmt::format(", expert {}", plan.expert_parallel);
        degrees += plan.tensor_of_experts() > 1 ? fmt::format(" x {}", plan.tensor_of_experts()) : "";
    }
    if (plan.passes() > 1) {
        degrees += fmt::format(", {} micro-batches of {}", plan.passes(), grouped(plan.sequences_of_pass()));
    }
    const std::string types =
        fmt::format("weights {}, cache {}", plan.weights == WeightType::fp8 ? "fp8" : name_of(plan.type),
                    plan.cache == CacheType::fp8 ? "fp8" : name_of(plan.type));
    return fmt::format("{}: {}, {}, {}", inference.model, step, degrees, types);
}

std::string inference_text(const InferenceReport& inference) {
    return '\n' + rates_text(inference) + '\n' + binds_text(inference) + '\n' + operators_text(inference) + '\n' +
           memory_text(inference);
}

}  // namespace myriad
