// Sums up what the programs of a step recorded; the formulas stand in result.h.

#include "sim/error/error.h"
#include "workloads/training/memory.h"
#include "workloads/training/pipeline_timeline.h"
#include "workloads/training/step.h"
#include "workloads/training/step_parts.h"

#include <fmt/core.h>

#include <algorithm>

namespace myriad {
namespace {

// Values of programs, each counted as often as ranks it runs for.
class SpreadBuilder {
public:
    void add(Picoseconds value, std::int64_t times) {
        spread_.min = count_ == 0 ? value : std::min(spread_.min, value);
        spread_.max = count_ == 0 ? value : std::max(spread_.max, value);
        sum_ += static_cast<Int128>(value.count()) * times;
        count_ += times;
    }
    [[nodiscard]] Spread spread() {
        spread_.mean = Picoseconds{static_cast<std::int64_t>(sum_ / count_)};
        return spread_;
    }

private:
    Spread spread_;
    Int128 sum_ = 0;
    std::int64_t count_ = 0;
};

}  // namespace

// The run holds no more than the memory that the plan was given room for, and nothing at its end.
void TrainingStep::check_memory() const {
    const std::vector<MemoryUse> stages = memory_by_stage(model_, plan_);
    for (const auto& rank : parts_->programs_of_ranks) {
        const RankTotals& totals = rank->totals();
        const Bytes room = stages[static_cast<std::size_t>(parts_->layout.place_of(rank->rank()).pp)].activations;
        if (totals.activations_most > room || totals.activations_left != Bytes{0}) {
            throw LawError("memory held = memory accounted", rank->state(),
                           fmt::format("{} B of activations at most, {} B accounted, {} B left at the end",
                                       totals.activations_most.count(), room.count(), totals.activations_left.count()));
        }
    }
}

void TrainingStep::check_laws(TimePoint last) const {
    for (const auto& rank : parts_->programs_of_ranks) {
        rank->rethrow();
    }
    if (!finished()) {
        throw LawError("every operation issued has finished", "training step", unfinished());
    }
    std::int64_t sent = 0;
    std::int64_t received = 0;
    Bytes bytes{0};
    for (const auto& rank : parts_->programs_of_ranks) {
        const RankTotals& totals = rank->totals();
        const std::int64_t times = rank->multiplicity();
        sent += totals.messages_sent * times;
        received += totals.messages_received * times;
        bytes += (totals.bytes_sent - totals.bytes_received) * times;
        if (totals.collectives_entered != totals.collectives_finished) {
            throw LawError("every operation issued has finished", rank->state(),
                           fmt::format("{} collectives entered, {} finished", totals.collectives_entered,
                                       totals.collectives_finished));
        }
        Picoseconds sum{0};
        for (const Picoseconds time : rank->time()) {
            sum += time;
        }
        if (sum != totals.finished - started_) {
            throw LawError(
                "every instant of a rank is counted once", rank->state(),
                fmt::format("{} ps counted, {} ps passed", sum.count(), (totals.finished - started_).count()));
        }
    }
    if (sent != received || bytes != Bytes{0}) {
        throw LawError("bytes sent = bytes received", "pipeline messages",
                       fmt::format("{} sent, {} received", sent, received));
    }
    check_memory();
    const Picoseconds bound = lower_bound();
    if (last - started_ < bound) {
        throw LawError("result >= lower bound", "training step",
                       fmt::format("{} ps, bound {} ps", (last - started_).count(), bound.count()));
    }
}

TrainingResult TrainingStep::result() const {
    const TimePoint last = end();
    check_laws(last);
    TrainingResult result;
    result.step_time = last - started_;
    result.cards = plan_.ranks();
    result.tokens = plan_.global_batch * plan_.sequence_length;
    result.lower_bound = lower_bound();
    result.programs = static_cast<std::int64_t>(parts_->programs_of_ranks.size());
    result.folding = parts_->folding_text;
    result.imbalance = parts_->loads.imbalance();
    const std::int64_t visits = parts_->loads.visits();
    result.dropped = visits > 0 ? static_cast<double>(parts_->loads.dropped()) / static_cast<double>(visits) : 0.0;
    add_rates(result);
    add_times(result);
    add_ideal_bubble(result);
    add_operators(result);
    return result;
}

void TrainingStep::add_operators(TrainingResult& result) const {
    for (std::size_t label = 0; label < parts_->programs.labels.size(); ++label) {
        const Picoseconds total = parts_->context.operator_time[label];
        if (total > Picoseconds{0}) {
            const bool optimizer = label == parts_->programs.optimizer_label;
            result.operators.push_back({parts_->programs.labels[label], total / plan_.ranks(), total,
                                        optimizer ? SpanKind::optimizer : SpanKind::compute,
                                        parts_->context.operator_alone[label]});
        }
    }
    std::sort(result.operators.begin(), result.operators.end(), [](const OperatorTime& a, const OperatorTime& b) {
        return a.total != b.total ? a.total > b.total : a.label < b.label;
    });
}

// Throughput and utilisation.
void TrainingStep::add_rates(TrainingResult& result) const {
    const double time = seconds(result.step_time);
    const auto tokens = static_cast<double>(result.tokens);
    const auto rate = [time](double amount) { return time > 0.0 ? amount / time : 0.0; };
    result.tokens_per_second = rate(tokens);
    result.tokens_per_second_per_card = result.tokens_per_second / static_cast<double>(result.cards);
    result.model_flop = training_flop_per_token(model_, plan_.sequence_length, AttentionCount::causal) * tokens;
    result.model_flop_unmasked = training_flop_per_token(model_, plan_.sequence_length, AttentionCount::full) * tokens;
    result.executed_flop = executed_tensor_work(parts_->context);
    for (const Card* card : parts_->cards) {
        result.peak += card->peak(plan_.type);
    }
    result.mfu = rate(result.model_flop.count() / result.peak.count());
    result.mfu_unmasked = rate(result.model_flop_unmasked.count() / result.peak.count());
    result.hfu = rate(result.executed_flop.count() / result.peak.count());
}

// Where the time went, over ranks.
void TrainingStep::add_times(TrainingResult& result) const {
    const TimePoint last = started_ + result.step_time;
    for (std::size_t kind = 0; kind < kSpanKinds; ++kind) {
        SpreadBuilder spread;
        for (const auto& rank : parts_->programs_of_ranks) {
            const bool bubble = kind == static_cast<std::size_t>(SpanKind::bubble);
            spread.add(rank->time()[kind] + (bubble ? last - rank->totals().finished : Picoseconds{0}),
                       rank->multiplicity());
        }
        result.time[kind] = spread.spread();
    }
    std::array<Int128, kSpanKinds> busy{};
    for (const auto& rank : parts_->programs_of_ranks) {
        const RankTotals& totals = rank->totals();
        const std::int64_t times = rank->multiplicity();
        for (std::size_t group = 0; group < kGroupKinds; ++group) {
            busy[static_cast<std::size_t>(kind_of(static_cast<GroupKind>(group)))] +=
                static_cast<Int128>(totals.busy[group].count()) * times;
        }
        result.messages += totals.messages_sent * times;
        result.message_bytes += totals.bytes_sent * times;
        result.collectives += totals.collectives_entered * times;
    }
    for (std::size_t kind = 0; kind < kSpanKinds; ++kind) {
        result.busy[kind] = Picoseconds{static_cast<std::int64_t>(busy[kind] / plan_.ranks())};
    }
}

// The schedule laid out in time with the mean pass of all stages, communication left out.
void TrainingStep::add_ideal_bubble(TrainingResult& result) const {
    const double time = seconds(result.step_time);
    result.bubble_fraction = time > 0.0 ? seconds(result.of(SpanKind::bubble).mean) / time : 0.0;
    double forward = 0.0;
    double input = 0.0;
    double weight = 0.0;
    for (std::int64_t stage = 0; stage < plan_.pipeline_parallel; ++stage) {
        const Card& card = *parts_->cards[static_cast<std::size_t>(parts_->layout.at_stage(0, stage))];
        for (const ChunkContent& chunk : parts_->context.stages[static_cast<std::size_t>(stage)].chunks) {
            const ChunkTimes times = chunk_times(parts_->context, chunk, card);
            forward += seconds(times.forward);
            input += seconds(times.input_grad);
            weight += seconds(times.weight_grad);
        }
    }
    const bool two_ways = plan_.schedule == PipelineSchedule::dualpipe;
    const double stages = static_cast<double>(plan_.pipeline_parallel) * (two_ways ? 2.0 : 1.0);
    forward /= stages;
    input /= stages;
    weight /= stages;
    // Side by side on one card that is never idle, a forward and a backward take as long as one after the other.
    const PipelineTimeline timeline =
        pipeline_timeline(parts_->context.pipeline, {forward, input, weight, forward + input + weight});
    double bubble = 0.0;
    for (std::size_t stage = 0; stage < timeline.stages.size(); ++stage) {
        bubble += timeline.step_bubble(stage) / static_cast<double>(timeline.stages.size());
    }
    result.ideal_bubble_fraction = timeline.end() > 0.0 ? bubble / timeline.end() : 0.0;
}

}  // namespace myriad
