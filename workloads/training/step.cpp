// Builds the groups of a plan, one program a rank, and sums up what the programs recorded. Groups, as Megatron forms
// them: tp (neighbouring ranks), dp (same tp and pp), model (all tp and pp of one replica, for the gradient norm), tied
// (first and last stage, where the embedding is shared).

#include "workloads/training/step.h"

#include "models/kernels.h"
#include "sim/error/error.h"
#include "workloads/training/bound.h"
#include "workloads/training/memory.h"
#include "workloads/training/rank_program.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace myriad {

struct TrainingStep::Parts {
    Parts(const LlmConfig& model, const ParallelPlan& plan, const TrainingPlatform& platform)
        : programs(make_programs(model, plan)),
          context{.model = model,
                  .plan = plan,
                  .programs = programs,
                  .buckets = {},
                  .network = platform.network,
                  .agenda = platform.agenda,
                  .spans = platform.spans,
                  .placement = platform.placement,
                  .ranks = {},
                  .entries = {},
                  .optimizer_nature = {},
                  .operator_time = {},
                  .time_alone = platform.time_alone,
                  .operator_alone = {}} {}

    StagePrograms programs;
    StepContext context;
    std::vector<RankCommunicators> communicators;  // by rank
    std::vector<std::unique_ptr<RankProgram>> ranks;
};

namespace {

void throw_if_wrong(const LlmConfig& model, const ParallelPlan& plan, const TrainingPlatform& platform) {
    std::vector<PlanProblem> problems = validate(plan, model, static_cast<std::int64_t>(platform.cards.size()));
    if (problems.empty()) {
        Bytes smallest = platform.cards.front()->memory_capacity();
        for (const Card* card : platform.cards) {
            smallest = std::min(smallest, card->memory_capacity());
        }
        problems = validate_memory(model, plan, smallest);
    }
    if (!problems.empty()) {
        std::vector<Diagnostic> diagnostics;
        for (const PlanProblem& problem : problems) {
            diagnostics.emplace_back().message = problem.message;
        }
        throw UserError(std::move(diagnostics));
    }
    MYRIAD_CHECK(platform.placement.size() == platform.cards.size(), "placement");
}

// Numbers the ranks of the group that contains `place` along the varied dimensions.
struct GroupBuilder {
    const ParallelPlan& plan;
    const TrainingPlatform& platform;
    CollectiveEntries& entries;

    CommunicatorId create(const char* dimension, std::int64_t number, const std::vector<std::int64_t>& ranks) const {
        CommunicatorSpec spec;
        spec.name = fmt::format("{}[{}]", dimension, number);
        spec.dimension = dimension;
        for (const std::int64_t rank : ranks) {
            spec.cards.push_back(platform.placement[static_cast<std::size_t>(rank)]);
        }
        const CommunicatorId id = platform.network.create_communicator(std::move(spec));
        entries.open(id, static_cast<std::int64_t>(ranks.size()));
        return id;
    }
};

Spread spread_of(const std::vector<Picoseconds>& values) {
    Spread spread{values.front(), Picoseconds{0}, values.front()};
    Int128 sum = 0;
    for (const Picoseconds value : values) {
        spread.min = std::min(spread.min, value);
        spread.max = std::max(spread.max, value);
        sum += value.count();
    }
    spread.mean = Picoseconds{static_cast<std::int64_t>(sum / static_cast<Int128>(values.size()))};
    return spread;
}

}  // namespace

TrainingStep::TrainingStep(LlmConfig model, ParallelPlan plan, TrainingPlatform platform)
    : model_(std::move(model)), plan_(plan), platform_(std::move(platform)) {
    throw_if_wrong(model_, plan_, platform_);
    parts_ = std::make_unique<Parts>(model_, plan_, platform_);
    for (std::int64_t stage = 0; stage < plan_.pipeline_parallel; ++stage) {
        parts_->context.buckets.push_back(gradient_buckets(model_, plan_, stage));
    }
    note_natures();
    parts_->context.operator_time.resize(parts_->programs.labels.size());
    parts_->context.operator_alone.resize(parts_->programs.labels.size());
    create_communicators();
    for (std::int64_t rank = 0; rank < plan_.ranks(); ++rank) {
        const auto index = static_cast<std::size_t>(rank);
        parts_->ranks.push_back(std::make_unique<RankProgram>(parts_->context, *platform_.cards[index], rank,
                                                              parts_->communicators[index]));
        parts_->context.ranks.push_back(parts_->ranks.back().get());
    }
}

TrainingStep::~TrainingStep() = default;

// What bounds each kernel, so that spans can say it; nothing where the platform does not.
void TrainingStep::note_natures() {
    StagePrograms& programs = parts_->programs;
    std::vector<KernelNature>& optimizer = parts_->context.optimizer_nature;
    optimizer.resize(parts_->context.buckets.size());
    if (!platform_.nature) {
        return;
    }
    for (StepList* list : {&programs.embedding, &programs.embedding_grad, &programs.layer, &programs.layer_grad,
                           &programs.head, &programs.head_grad, &programs.message_gather}) {
        for (ProgramStep& step : *list) {
            if (step.kind == StepKind::compute) {
                step.nature = platform_.nature(step.kernel);
            }
        }
    }
    for (std::size_t stage = 0; stage < optimizer.size(); ++stage) {
        optimizer[stage] = platform_.nature(
            adam_kernel(parts_->context.buckets[stage].owned, Bytes{plan_.weight_bytes}, Bytes{plan_.gradient_bytes}));
    }
}

void TrainingStep::create_communicators() {
    const std::int64_t tp = plan_.tensor_parallel;
    const std::int64_t dp = plan_.data_parallel;
    const std::int64_t pp = plan_.pipeline_parallel;
    parts_->communicators.resize(static_cast<std::size_t>(plan_.ranks()));
    const GroupBuilder groups{plan_, platform_, parts_->context.entries};
    const auto of = [&](std::int64_t rank) -> RankCommunicators& {
        return parts_->communicators[static_cast<std::size_t>(rank)];
    };
    std::vector<std::int64_t> ranks;
    for (std::int64_t number = 0; tp > 1 && number < dp * pp; ++number) {
        ranks.clear();
        for (std::int64_t t = 0; t < tp; ++t) {
            ranks.push_back(number * tp + t);
        }
        const CommunicatorId id = groups.create("tp", number, ranks);
        for (const std::int64_t rank : ranks) {
            of(rank).tensor = id;
        }
    }
    for (std::int64_t number = 0; dp > 1 && number < tp * pp; ++number) {
        ranks.clear();
        for (std::int64_t d = 0; d < dp; ++d) {
            ranks.push_back(rank_of(plan_, {number % tp, d, number / tp}));
        }
        const CommunicatorId id = groups.create("dp", number, ranks);
        for (const std::int64_t rank : ranks) {
            of(rank).data = id;
        }
    }
    for (std::int64_t d = 0; plan_.clip_gradients && tp * pp > 1 && d < dp; ++d) {
        ranks.clear();
        for (std::int64_t i = 0; i < tp * pp; ++i) {
            ranks.push_back(rank_of(plan_, {i % tp, d, i / tp}));
        }
        const CommunicatorId id = groups.create("model", d, ranks);
        for (std::size_t i = 0; i < ranks.size(); ++i) {
            of(ranks[i]).model = id;
            of(ranks[i]).model_rank = static_cast<int>(i);
        }
    }
    for (std::int64_t number = 0; model_.tied_embeddings && pp > 1 && number < tp * dp; ++number) {
        ranks = {rank_of(plan_, {number % tp, number / tp, 0}), rank_of(plan_, {number % tp, number / tp, pp - 1})};
        const CommunicatorId id = groups.create("tied", number, ranks);
        for (const std::int64_t rank : ranks) {
            of(rank).tied = id;
        }
    }
}

void TrainingStep::start() {
    started_ = platform_.agenda.now();
    for (const auto& rank : parts_->ranks) {
        rank->start();
    }
}

bool TrainingStep::finished() const {
    return std::all_of(parts_->ranks.begin(), parts_->ranks.end(), [](const auto& rank) { return rank->finished(); });
}

std::string TrainingStep::unfinished(std::size_t limit) const {
    std::string text;
    for (const auto& rank : parts_->ranks) {
        if (!rank->finished() && limit-- > 0) {
            text += rank->state() + "\n";
        }
        if (limit == 0) {
            break;
        }
    }
    return text;
}

TimePoint TrainingStep::end() const {
    TimePoint last = started_;
    for (const auto& rank : parts_->ranks) {
        last = std::max(last, rank->totals().finished);
    }
    return last;
}

// A rank that is done before the others is idle: part (c) of the bubble.
RankTimes TrainingStep::rank_times(std::int64_t rank) const {
    const RankTotals& totals = parts_->ranks[static_cast<std::size_t>(rank)]->totals();
    RankTimes times{totals.time};
    times.time[static_cast<std::size_t>(SpanKind::bubble)] += end() - totals.finished;
    return times;
}

Picoseconds TrainingStep::lower_bound() const {
    std::vector<const Card*> chain;
    for (std::int64_t stage = 0; stage < plan_.pipeline_parallel; ++stage) {
        chain.push_back(platform_.cards[static_cast<std::size_t>(rank_of(plan_, {0, 0, stage}))]);
    }
    return step_floor(model_, plan_, parts_->programs, chain, platform_.floor);
}

void TrainingStep::visit_kernels(const std::function<void(std::string_view label, const Kernel& kernel)>& visit) const {
    const StagePrograms& programs = parts_->programs;
    for (const StepList* list : {&programs.embedding, &programs.layer, &programs.head, &programs.head_grad,
                                 &programs.layer_grad, &programs.embedding_grad, &programs.message_gather}) {
        for (const ProgramStep& step : *list) {
            if (step.kind == StepKind::compute) {
                visit(programs.labels[step.label], step.kernel);
            }
        }
    }
    for (const GradientBuckets& buckets : parts_->context.buckets) {
        visit(programs.labels[programs.optimizer_label],
              adam_kernel(buckets.owned, Bytes{plan_.weight_bytes}, Bytes{plan_.gradient_bytes}));
    }
}

void TrainingStep::check_laws(TimePoint last) const {
    for (const auto& rank : parts_->ranks) {
        rank->rethrow();
    }
    if (!finished()) {
        throw LawError("every operation issued has finished", "training step", unfinished());
    }
    std::int64_t sent = 0;
    std::int64_t received = 0;
    Bytes bytes{0};
    for (const auto& rank : parts_->ranks) {
        const RankTotals& totals = rank->totals();
        sent += totals.messages_sent;
        received += totals.messages_received;
        bytes += totals.bytes_sent - totals.bytes_received;
        if (totals.collectives_entered != totals.collectives_finished) {
            throw LawError("every operation issued has finished", rank->state(),
                           fmt::format("{} collectives entered, {} finished", totals.collectives_entered,
                                       totals.collectives_finished));
        }
        Picoseconds sum{0};
        for (const Picoseconds time : totals.time) {
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
    add_rates(result);
    add_times(result);
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
    return result;
}

// Throughput and utilisation; the formulas stand in result.h.
void TrainingStep::add_rates(TrainingResult& result) const {
    const double time = seconds(result.step_time);
    const auto tokens = static_cast<double>(result.tokens);
    const auto rate = [time](double amount) { return time > 0.0 ? amount / time : 0.0; };
    result.tokens_per_second = rate(tokens);
    result.tokens_per_second_per_card = result.tokens_per_second / static_cast<double>(result.cards);
    result.model_flop = training_flop_per_token(model_, plan_.sequence_length, AttentionCount::causal) * tokens;
    result.model_flop_unmasked = training_flop_per_token(model_, plan_.sequence_length, AttentionCount::full) * tokens;
    result.executed_flop = executed_tensor_work(model_, plan_, parts_->programs);
    for (const Card* card : platform_.cards) {
        result.peak += card->peak(plan_.type);
    }
    result.mfu = rate(result.model_flop.count() / result.peak.count());
    result.mfu_unmasked = rate(result.model_flop_unmasked.count() / result.peak.count());
    result.hfu = rate(result.executed_flop.count() / result.peak.count());
}

// Where the time went, over ranks.
void TrainingStep::add_times(TrainingResult& result) const {
    std::vector<Picoseconds> column(parts_->ranks.size());
    for (std::size_t kind = 0; kind < kSpanKinds; ++kind) {
        for (std::size_t rank = 0; rank < column.size(); ++rank) {
            column[rank] = parts_->ranks[rank]->totals().time[kind];
            if (kind == static_cast<std::size_t>(SpanKind::bubble)) {
                column[rank] += started_ + result.step_time - parts_->ranks[rank]->totals().finished;
            }
        }
        result.time[kind] = spread_of(column);
    }
    const auto stages = static_cast<double>(plan_.pipeline_parallel);
    const auto batches = static_cast<double>(plan_.micro_batches());
    const double time = seconds(result.step_time);
    result.bubble_fraction = time > 0.0 ? seconds(result.of(SpanKind::bubble).mean) / time : 0.0;
    result.ideal_bubble_fraction = (stages - 1) / (batches + stages - 1);
    result.ideal_bubble_ratio = (stages - 1) / batches;
    for (const auto& rank : parts_->ranks) {
        const RankTotals& totals = rank->totals();
        result.tensor_busy += totals.tensor_busy;
        result.data_busy += totals.data_busy;
        result.messages += totals.messages_sent;
        result.message_bytes += totals.bytes_sent;
        result.collectives += totals.collectives_entered;
    }
    result.tensor_busy /= plan_.ranks();
    result.data_busy /= plan_.ranks();
}

}  // namespace myriad
