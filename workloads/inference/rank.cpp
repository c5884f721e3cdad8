// Steps of one rank. A step is every micro-batch once through the stage, in order.
//   decode   what the last stage sampled for a micro-batch goes to the first stage, which needs it for the next step of
//            the same micro-batch: this is what ties steps together
//   prefill  steps are batches that wait in line; nothing ties them but the cards
// Assumptions: sends do not stop the sender; a stage may be any number of passes ahead of the next one (prefill);
// sampling's result, scheduling and detokenizing on the host take no time; the cache does not grow from step to step.

#include "workloads/inference/rank.h"

#include "sim/error/error.h"

#include <fmt/core.h>

namespace myriad {

InferenceRank::InferenceRank(InferenceContext& context, Card& card, std::int64_t rank, const InferenceSeats& seats)
    : context_(context), card_(card), rank_(rank), place_(context.layout.place_of(rank)), seats_(seats) {
    for (Call& call : calls_) {
        call.owner = this;
    }
}

void InferenceRank::start() {
    ledger_.start(now());
    task_ = run();
    task_.start();
}

std::string InferenceRank::state() const {
    return fmt::format("rank {} (tp {}, dp {}, pp {}): {}{}{}, step {}, micro-batch {}", rank_, place_.tp, place_.dp,
                       place_.pp, doing_, detail_.empty() ? "" : " ", detail_, step_, micro_batch_);
}

Task InferenceRank::run() {
    const InferencePlan& plan = context_.plan;
    for (step_ = 0; step_ < plan.warmup + plan.steps; ++step_) {
        for (micro_batch_ = 0; micro_batch_ < plan.passes(); ++micro_batch_) {
            co_await run_pass();
            if (pass() == 0) {
                totals_.first_pass = now();
            }
        }
        totals_.step_ends.push_back(now());
        if (step_ + 1 == plan.warmup) {
            totals_.before = ledger_.time();
        }
    }
    totals_.after = ledger_.time();
    doing_ = "waits for its sends";
    co_await sends_;
    doing_ = "finished";
}

Task InferenceRank::run_pass() {
    const InferencePlan& plan = context_.plan;
    const std::int64_t stages = plan.pipeline_parallel;
    const bool tied = plan.phase == InferencePhase::decode && stages > 1;
    const bool first = place_.pp == 0;
    const bool last = place_.pp == stages - 1;
    if (!first) {
        co_await receive(kActivations, context_.layout.at_stage(rank_, place_.pp - 1), tag(kActivations, pass()),
                         context_.activation);
    } else {
        if (tied && step_ > 0) {
            co_await receive(kTokens, context_.layout.at_stage(rank_, stages - 1), tag(kTokens, pass() - plan.passes()),
                             context_.tokens);
        }
        co_await run_part(InferencePrograms::kEmbedding);
    }
    const LayerRange& layers = context_.layers[static_cast<std::size_t>(place_.pp)];
    const std::int64_t group = context_.layout.group_of(GroupKind::expert, rank_);
    for (std::int64_t layer = layers.first; layer < layers.first + layers.count; ++layer) {
        co_await run_part(context_.programs.layer(layer, context_.loads.of(group, place_.ep, layer, pass())));
    }
    if (!last) {
        send(kActivations, context_.layout.at_stage(rank_, place_.pp + 1), context_.activation);
        co_return;
    }
    co_await run_part(InferencePrograms::kHead);
    if (tied && step_ + 1 < plan.warmup + plan.steps) {
        send(kTokens, context_.layout.at_stage(rank_, 0), context_.tokens);
    }
}

Task InferenceRank::run_part(std::size_t number) {
    const PassPart& part = context_.programs.parts[number];
    if (measured()) {
        ++context_.runs[number];
        totals_.bytes += part.bytes;
    }
    for (const ProgramStep& step : part.list) {
        const TimePoint start = now();
        if (step.kind == StepKind::begin) {
            begin(step);
        } else if (step.kind == StepKind::wait) {
            Call& call = calls_[step.slot];
            doing_ = "waits for";
            detail_ = call.label;
            ledger_.waits(0, start);
            co_await call.done;
            ledger_.waited(0, kind_of(call.group), now());
            totals_.busy[static_cast<std::size_t>(call.group)] +=
                measured() ? call.ended - call.started : Picoseconds{0};
            if (call.started < start) {
                emit_beside(call);
            }
            emit_wait(kind_of(call.group), call.label, start, now(), call.cause, call.group);
        } else {
            doing_ = "computes";
            detail_ = context_.programs.labels[step.label];
            ledger_.computes(0, start);
            Signal done;
            card_.execute(step.kernel, done.completion());
            co_await done;
            ledger_.computed(0, SpanKind::compute, now());
            context_.operator_time[step.label] += measured() ? now() - start : Picoseconds{0};
            Span span;
            span.label = context_.programs.labels[step.label];
            span.start = start;
            span.end = now();
            emit(span);
        }
    }
}

void InferenceRank::begin(const ProgramStep& step) {
    MYRIAD_CHECK(!step.shift, "inference has no context parallelism");
    Call& call = calls_[step.slot];
    MYRIAD_CHECK(call.done.done(), state());
    call.group = step.group;
    call.label = name_of(step.call.op);
    call.member = step.routing < 0
                      ? seats_.of[static_cast<std::size_t>(step.group)]
                      : (step.returns ? seats_.combine : seats_.dispatch)[static_cast<std::size_t>(step.routing)];
    MYRIAD_CHECK(!call.member.alone(), state());
    call.done.expect(1);
    call.started = now();
    ++totals_.collectives_entered;
    if (context_.spans != nullptr) {
        if (calls_made_.size() <= call.member.seat) {
            calls_made_.resize(std::size_t{call.member.seat} + 1);
        }
        call.number = calls_made_[call.member.seat]++;
        context_.calls.entered(static_cast<std::uint64_t>(call.member.id), call.number, {rank_, now()});
    }
    card_.begin_collective();
    context_.network.collective(call.member.id, call.member.index, step.call, {&InferenceRank::call_done, &call, 0});
}

void InferenceRank::call_done(void* context, std::uint64_t /*argument*/) {
    Call& call = *static_cast<Call*>(context);
    InferenceRank& self = *call.owner;
    call.ended = self.now();
    self.card_.end_collective();
    ++self.totals_.collectives_finished;
    if (self.context_.spans != nullptr) {
        call.cause = self.context_.calls.cause(static_cast<std::uint64_t>(call.member.id), call.number);
    }
    call.done.completion()();  // last: may run the program on
}

void InferenceRank::send(Stream stream, std::int64_t to, Bytes size) {
    const auto peer = static_cast<std::size_t>(to);
    Inbox& inbox = context_.ranks[peer]->inbox_[stream];
    if (inbox.awaited && inbox.sent == inbox.received) {
        inbox.sent_at = now();
    }
    ++inbox.sent;
    ++totals_.messages_sent;
    totals_.bytes_sent += size;
    sends_.expect(1);
    context_.network.send(context_.placement[static_cast<std::size_t>(rank_)], context_.placement[peer], size,
                          tag(stream, pass()), sends_.completion());
}

Task InferenceRank::receive(Stream stream, std::int64_t from, std::uint64_t message, Bytes size) {
    const TimePoint start = now();
    Inbox& inbox = inbox_[stream];
    inbox.awaited = inbox.sent <= inbox.received;
    const bool late = inbox.awaited;
    doing_ = stream == kActivations ? "waits for activation" : "waits for tokens";
    detail_ = {};
    Signal done;
    ledger_.waits(0, start);
    context_.network.receive(context_.placement[static_cast<std::size_t>(rank_)],
                             context_.placement[static_cast<std::size_t>(from)], message, done.completion());
    co_await done;
    const TimePoint ready = late ? inbox.sent_at : start;
    ++inbox.received;
    inbox.awaited = false;
    ledger_.waited(0, SpanKind::bubble, ready, SpanKind::pipeline, now());
    emit_wait(SpanKind::bubble, doing_, start, ready, {from, ready});
    emit_wait(SpanKind::pipeline, doing_, ready, now(), {from, ready});
    ++totals_.messages_received;
    totals_.bytes_received += size;
}

void InferenceRank::emit_wait(SpanKind kind, std::string_view label, TimePoint start, TimePoint end,
                              const WaitCause& cause, GroupKind group) {
    Span span;
    span.kind = kind;
    span.group = group;
    span.label = label;
    span.start = start;
    span.end = end;
    span.cause_rank = cause.rank;
    span.cause_at = cause.at;
    emit(span);
}

// What was under way before the program waited for it.
void InferenceRank::emit_beside(const Call& call) {
    Span span;
    span.kind = kind_of(call.group);
    span.beside = true;
    span.lane = kBesideLane;
    span.group = call.group;
    span.label = call.label;
    span.start = call.started;
    span.end = call.ended;
    span.cause_rank = call.cause.rank;
    span.cause_at = std::min(call.cause.at, call.ended);
    emit(span);
}

void InferenceRank::emit(Span span) {
    if (context_.spans != nullptr && span.end > span.start) {
        span.rank = rank_;
        span.micro_batch = pass();
        span.pass = context_.plan.phase == InferencePhase::decode ? "decode" : "prefill";
        context_.spans->on_span(span);
    }
}

}  // namespace myriad
