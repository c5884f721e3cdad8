// Sums up what the programs of the ranks recorded; the definitions stand in result.h.

#include "sim/error/error.h"
#include "workloads/inference/step.h"
#include "workloads/inference/step_parts.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

namespace myriad {
namespace {

Picoseconds sum_of(const std::array<Picoseconds, kSpanKinds>& time) {
    return std::accumulate(time.begin(), time.end(), Picoseconds{0});
}

// Of one rank: from the end of its last step before the measured ones to the end of the last of them.
Picoseconds window_of(const InferencePlan& plan, const InferenceTotals& totals) {
    return totals.step_ends.back() - totals.step_ends[static_cast<std::size_t>(plan.warmup - 1)];
}

}  // namespace

void InferenceRun::check_laws() const {
    std::int64_t messages = 0;
    Bytes bytes{0};
    for (const auto& rank : parts_->ranks) {
        rank->rethrow();
    }
    if (!finished()) {
        throw LawError("every operation issued has finished", "inference", unfinished());
    }
    for (const auto& rank : parts_->ranks) {
        const InferenceTotals& totals = rank->totals();
        messages += totals.messages_sent - totals.messages_received;
        bytes += totals.bytes_sent - totals.bytes_received;
        if (totals.collectives_entered != totals.collectives_finished) {
            throw LawError("every operation issued has finished", rank->state(),
                           fmt::format("{} collectives entered, {} finished", totals.collectives_entered,
                                       totals.collectives_finished));
        }
        const Picoseconds passed = totals.step_ends.back() - started_;
        if (sum_of(totals.after) != passed ||
            sum_of(totals.after) - sum_of(totals.before) != window_of(plan_, totals)) {
            throw LawError("every instant of a rank is counted once", rank->state(),
                           fmt::format("{} ps counted, {} ps passed", sum_of(totals.after).count(), passed.count()));
        }
    }
    if (messages != 0 || bytes != Bytes{0}) {
        throw LawError("bytes sent = bytes received", "messages between pipeline stages",
                       fmt::format("{} more messages sent than received", messages));
    }
}

void InferenceRun::check_floor(const InferenceResult& result) const {
    std::vector<const Card*> chain;
    for (std::int64_t stage = 0; stage < plan_.pipeline_parallel; ++stage) {
        chain.push_back(platform_.cards[static_cast<std::size_t>(parts_->layout.at_stage(0, stage))]);
    }
    const InferenceFloor floor = inference_floor(parts_->context, chain, platform_.floor);
    const auto check = [](const char* what, Picoseconds time, Picoseconds bound) {
        if (time < bound) {
            throw LawError("result >= lower bound", what,
                           fmt::format("{} ps, bound {} ps", time.count(), bound.count()));
        }
    };
    check("step of inference", result.step_time, floor.step);
    if (plan_.phase == InferencePhase::prefill) {
        check("first token", result.first_tokens, floor.first_tokens);
        check("last first token", result.all_first_tokens, floor.all_first_tokens);
    }
}

InferenceResult InferenceRun::result() const {
    check_laws();
    InferenceResult result;
    result.phase = plan_.phase;
    result.cards = plan_.ranks();
    result.sequences = plan_.batch;
    result.tokens = plan_.batch * plan_.new_tokens();
    add_step_time(result);
    add_rates(result);
    add_times(result);
    add_operators(result);
    add_memory_bound(result);
    add_experts(result);
    check_floor(result);
    return result;
}

void InferenceRun::add_step_time(InferenceResult& result) const {
    Picoseconds longest{0};
    bool first = true;
    for (const auto& rank : parts_->ranks) {
        const InferenceTotals& totals = rank->totals();
        longest = std::max(longest, window_of(plan_, totals));
        if (rank->stage() + 1 != plan_.pipeline_parallel) {
            continue;
        }
        for (auto step = static_cast<std::size_t>(plan_.warmup); step < totals.step_ends.size(); ++step) {
            const Picoseconds time = totals.step_ends[step] - totals.step_ends[step - 1];
            result.shortest_step = first ? time : std::min(result.shortest_step, time);
            result.longest_step = first ? time : std::max(result.longest_step, time);
            first = false;
        }
        if (plan_.phase == InferencePhase::prefill) {
            result.first_tokens = std::max(result.first_tokens, totals.first_pass - started_);
            result.all_first_tokens = std::max(result.all_first_tokens, totals.step_ends.front() - started_);
        }
    }
    result.step_time = (longest + Picoseconds{plan_.steps - 1}) / plan_.steps;  // rounded up
    std::vector<const Card*> chain;
    for (std::int64_t stage = 0; stage < plan_.pipeline_parallel; ++stage) {
        chain.push_back(platform_.cards[static_cast<std::size_t>(parts_->layout.at_stage(0, stage))]);
    }
    result.lower_bound = inference_floor(parts_->context, chain, platform_.floor).step;
}

void InferenceRun::add_rates(InferenceResult& result) const {
    const double time = seconds(result.step_time);
    const auto rate = [time](double amount) { return time > 0.0 ? amount / time : 0.0; };
    result.tokens_per_second = rate(static_cast<double>(result.tokens));
    result.tokens_per_second_per_card = result.tokens_per_second / static_cast<double>(result.cards);
    result.model_flop = model_flop(model_, plan_);
    for (const Card* card : platform_.cards) {
        result.peak += card->peak(plan_.weights == WeightType::fp8 ? DataType::fp8 : plan_.type);
    }
    result.mfu = rate(result.model_flop.count() / result.peak.count());
}

void InferenceRun::add_times(InferenceResult& result) const {
    const auto ranks = static_cast<std::int64_t>(parts_->ranks.size());
    const Picoseconds whole = result.step_time * plan_.steps;
    for (std::size_t kind = 0; kind < kSpanKinds; ++kind) {
        Spread spread;
        Int128 sum = 0;
        bool first = true;
        for (const auto& rank : parts_->ranks) {
            const InferenceTotals& totals = rank->totals();
            Picoseconds time = totals.after[kind] - totals.before[kind];
            time +=
                kind == static_cast<std::size_t>(SpanKind::bubble) ? whole - window_of(plan_, totals) : Picoseconds{0};
            spread.min = first ? time : std::min(spread.min, time);
            spread.max = first ? time : std::max(spread.max, time);
            sum += time.count();
            first = false;
        }
        result.time[kind] = {spread.min / plan_.steps,
                             Picoseconds{static_cast<std::int64_t>(sum / (ranks * plan_.steps))},
                             spread.max / plan_.steps};
    }
    std::array<Int128, kSpanKinds> busy{};
    for (const auto& rank : parts_->ranks) {
        const InferenceTotals& totals = rank->totals();
        for (std::size_t group = 0; group < kGroupKinds; ++group) {
            busy[static_cast<std::size_t>(kind_of(static_cast<GroupKind>(group)))] += totals.busy[group].count();
        }
        result.messages += totals.messages_sent;
        result.message_bytes += totals.bytes_sent;
        result.collectives += totals.collectives_entered;
    }
    for (std::size_t kind = 0; kind < kSpanKinds; ++kind) {
        result.busy[kind] = Picoseconds{static_cast<std::int64_t>(busy[kind] / (ranks * plan_.steps))};
    }
}

void InferenceRun::add_operators(InferenceResult& result) const {
    for (std::size_t label = 0; label < parts_->programs.labels.size(); ++label) {
        const Picoseconds total = parts_->context.operator_time[label] / plan_.steps;
        if (total > Picoseconds{0}) {
            result.operators.push_back(
                {parts_->programs.labels[label], total / plan_.ranks(), total, SpanKind::compute, Picoseconds{0}});
        }
    }
    std::sort(result.operators.begin(), result.operators.end(), [](const OperatorTime& a, const OperatorTime& b) {
        return a.total != b.total ? a.total > b.total : a.label < b.label;
    });
}

void InferenceRun::add_memory_bound(InferenceResult& result) const {
    ModelBytes most;
    for (const auto& rank : parts_->ranks) {
        const ModelBytes& bytes = rank->totals().bytes;
        most = bytes.total() > most.total() ? bytes : most;
    }
    MemoryBound& bound = result.memory_bound;
    bound.weights = most.weights / plan_.steps;
    bound.cache = most.cache / plan_.steps;
    const Bytes both = bound.weights + bound.cache;
    if (platform_.memory.peak.count() > 0) {
        bound.at_peak = transfer_time_floor(both, platform_.memory.peak);
        bound.at_streaming = transfer_time_floor(both, platform_.memory.streaming);
    }
}

// Over the layers with experts that were run, each as often as it was.
void InferenceRun::add_experts(InferenceResult& result) const {
    if (!model_.has_experts()) {
        return;
    }
    result.imbalance = parts_->loads.imbalance();
    result.experts_held = model_.experts.experts / plan_.expert_parallel;
    const InferencePrograms& programs = parts_->programs;
    double hit = 0.0;
    double runs = 0.0;
    for (std::size_t kind = 0; kind < programs.kinds.size(); ++kind) {
        for (std::size_t load = 0; programs.kinds[kind].experts && load < static_cast<std::size_t>(programs.loads);
             ++load) {
            const std::size_t part = 2 + kind * static_cast<std::size_t>(programs.loads) + load;
            const auto times = static_cast<double>(parts_->context.runs[part]);
            hit += times * static_cast<double>(programs.parts[part].experts_hit);
            runs += times;
        }
    }
    result.experts_hit = runs > 0.0 ? hit / runs : 0.0;
}

}  // namespace myriad
