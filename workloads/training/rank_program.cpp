// One training step of one rank. Order of a stage: pipeline_slot (plan.cpp). Assumptions:
//   - sends do not stop the sender; the step ends when they have arrived
//   - a message is awaited when it is needed, not earlier
//   - gradient buckets of one rank are reduced one after the other, in the order in which backward finishes them,
//   beside
//     the main program; ZeRO-1 scatters them and gathers all weights at once after the optimizer
//   - data loading, checkpoints and the zeroing of gradients take no time
// The main program waits at one place at a time, which is what makes the accounting exact.

#include "workloads/training/rank_program.h"

#include "models/kernels.h"
#include "sim/error/error.h"

#include <fmt/core.h>

namespace myriad {
namespace {

// A tag names micro-batch and direction; the pair of cards says the rest.
std::uint64_t message_tag(std::int64_t micro_batch, int direction) {
    return static_cast<std::uint64_t>(2 * micro_batch + direction);
}

}  // namespace

RankProgram::RankProgram(StepContext& context, Card& card, std::int64_t rank, const RankCommunicators& communicators)
    : context_(context), card_(card), rank_(rank), place_(place_of(context.plan, rank)), communicators_(communicators) {
    for (Call& call : calls_) {
        call.owner = this;
    }
}

void RankProgram::start() {
    task_ = run();
    task_.start();
}

bool RankProgram::last_stage() const { return place_.pp == context_.plan.pipeline_parallel - 1; }

std::int64_t RankProgram::stage_layers() const { return context_.model.layers / context_.plan.pipeline_parallel; }

const GradientBuckets& RankProgram::buckets() const { return context_.buckets[static_cast<std::size_t>(place_.pp)]; }

std::string RankProgram::state() const {
    return fmt::format("rank {} (tp {}, dp {}, pp {}): {}{}{}, micro-batch {}", rank_, place_.tp, place_.dp, place_.pp,
                       doing_, detail_.empty() ? "" : " ", detail_, micro_batch_);
}

Span RankProgram::span(SpanKind kind, std::string_view label, TimePoint start, TimePoint end) const {
    Span span;
    span.rank = rank_;
    span.kind = kind;
    span.label = label;
    span.start = start;
    span.end = end;
    span.pass = pass_;
    span.micro_batch = pass_.empty() ? -1 : micro_batch_;
    return span;
}

Span RankProgram::kernel_span(SpanKind kind, std::string_view label, TimePoint start,
                              const KernelNature& nature) const {
    Span kernel = span(kind, label, start, now());
    kernel.bound = nature.bound;
    kernel.fixed = nature.fixed;
    return kernel;
}

Span RankProgram::wait_span(SpanKind kind, GroupKind group, std::string_view label, TimePoint start, TimePoint end,
                            const CollectiveEntries::Last& cause) const {
    Span wait = span(kind, label, start, end);
    wait.group = group;
    wait.cause_rank = cause.rank;
    wait.cause_lane = cause.lane;
    wait.cause_at = cause.at;
    return wait;
}

void RankProgram::record_beside(SpanKind kind, GroupKind group, std::string_view label, TimePoint start, TimePoint end,
                                const CollectiveEntries::Last& cause) {
    Span wait = wait_span(kind, group, label, start, end, cause);
    wait.beside = true;
    wait.lane = kBesideLane;
    record(wait);
}

void RankProgram::record(const Span& span) {
    MYRIAD_CHECK(span.end >= span.start, state());
    if (!span.beside) {
        totals_.time[static_cast<std::size_t>(span.kind)] += span.end - span.start;
    }
    if (context_.spans != nullptr && span.end > span.start) {
        context_.spans->on_span(span);
    }
}

Task RankProgram::run() {
    const ParallelPlan& plan = context_.plan;
    const std::int64_t slots = 2 * plan.micro_batches();
    for (std::int64_t i = 0; i < slots; ++i) {
        const PipelineSlot slot = pipeline_slot(plan, place_.pp, i);
        micro_batch_ = slot.micro_batch;
        pass_ = slot.forward ? "forward" : "backward";
        if (slot.forward) {
            co_await forward(slot.micro_batch);
        } else {
            co_await backward(slot.micro_batch, i == slots - 1);
        }
    }
    pass_ = {};
    co_await reduce_gradients();
    co_await update();
    doing_ = "waits for its sends";
    const TimePoint start = now();
    co_await sends_;
    record(wait_span(SpanKind::pipeline, GroupKind::none, "send", start, now(), {rank_, kMainLane, last_sent_}));
    doing_ = "finished";
    totals_.finished = now();
}

Task RankProgram::forward(std::int64_t micro_batch) {
    const StagePrograms& programs = context_.programs;
    if (first_stage()) {
        co_await run_list(programs.embedding);
    } else {
        co_await receive(micro_batch, kForward);
    }
    for (std::int64_t layer = 0; layer < stage_layers(); ++layer) {
        co_await run_list(programs.layer);
    }
    if (last_stage()) {
        co_await run_list(programs.head);
    } else {
        send(micro_batch, kForward);
    }
}

Task RankProgram::backward(std::int64_t micro_batch, bool last) {
    const StagePrograms& programs = context_.programs;
    if (last_stage()) {
        co_await run_list(programs.head_grad);
        if (last) {
            gradients_ready(buckets().head);
        }
    } else {
        co_await receive(micro_batch, kBackward);
    }
    for (std::int64_t layer = 0; layer < stage_layers(); ++layer) {
        co_await run_list(programs.layer_grad);
        if (last) {
            gradients_ready(buckets().layer);
        }
    }
    if (first_stage()) {
        co_await run_list(programs.embedding_grad);
        if (last) {
            gradients_ready(buckets().embedding);
        }
    } else {
        send(micro_batch, kBackward);
    }
}

Task RankProgram::run_list(const StepList& list) {
    for (const ProgramStep& step : list) {
        const TimePoint start = now();
        if (step.kind == StepKind::begin) {
            enter(calls_[step.slot], communicators_.tensor, static_cast<int>(place_.tp), step.call);
        } else if (step.kind == StepKind::wait) {
            Call& call = calls_[step.slot];
            doing_ = "waits for tensor-parallel";
            detail_ = call.label;
            co_await call.done;
            totals_.tensor_busy += call.ended - call.started;
            if (call.started < start) {
                record_beside(SpanKind::tensor, GroupKind::tensor, call.label, call.started, call.ended, call.last);
            }
            record(wait_span(SpanKind::tensor, GroupKind::tensor, call.label, start, now(), call.last));
            detail_ = {};
        } else {
            doing_ = "computes";
            detail_ = context_.programs.labels[step.label];
            Signal done;
            card_.execute(step.kernel, done.completion());
            co_await done;
            context_.operator_time[step.label] += now() - start;
            if (context_.time_alone) {
                context_.operator_alone[step.label] += card_.duration(step.kernel);
            }
            record(kernel_span(SpanKind::compute, detail_, start, step.nature));
            detail_ = {};
        }
    }
}

void RankProgram::enter(Call& call, CommunicatorId communicator, int rank, const CollectiveCall& what) {
    MYRIAD_CHECK(call.done.done(), state());
    call.label = name_of(what.op);
    call.done.expect(1);
    call.started = now();
    call.communicator = communicator;
    call.number = context_.entries.enter(communicator, rank, rank_, kMainLane, now());
    ++totals_.collectives_entered;
    card_.begin_collective();
    context_.network.collective(communicator, rank, what, {&RankProgram::call_done, &call, 0});
}

void RankProgram::call_done(void* context, std::uint64_t /*argument*/) {
    Call& call = *static_cast<Call*>(context);
    call.ended = call.owner->now();
    call.last = call.owner->context_.entries.leave(call.communicator, call.number);
    call.owner->card_.end_collective();
    ++call.owner->totals_.collectives_finished;
    call.done.completion()();  // last: may run the program on
}

Task RankProgram::blocking_collective(CommunicatorId communicator, int rank, CollectiveCall what, SpanKind kind,
                                      GroupKind group, std::string_view label) {
    doing_ = "waits for collective";
    const TimePoint start = now();
    Call& call = calls_[0];
    enter(call, communicator, rank, what);
    co_await call.done;
    record(wait_span(kind, group, label, start, now(), call.last));
}

void RankProgram::send(std::int64_t micro_batch, Direction direction) {
    RankPlace there = place_;
    there.pp += direction == kForward ? 1 : -1;
    const std::int64_t peer = rank_of(context_.plan, there);
    const Bytes size = pipeline_message(context_.model, context_.plan);
    Inbox& inbox = context_.ranks[static_cast<std::size_t>(peer)]->inbox_[direction];
    MYRIAD_CHECK(inbox.sent == micro_batch, state());
    ++inbox.sent;
    inbox.sent_at.push_back(now());
    last_sent_ = now();
    ++totals_.messages_sent;
    totals_.bytes_sent += size;
    sends_.expect(1);
    context_.network.send(context_.placement[static_cast<std::size_t>(rank_)],
                          context_.placement[static_cast<std::size_t>(peer)], size, message_tag(micro_batch, direction),
                          sends_.completion());
}

Task RankProgram::receive(std::int64_t micro_batch, Direction direction) {
    RankPlace there = place_;
    there.pp += direction == kForward ? -1 : 1;
    const std::int64_t peer = rank_of(context_.plan, there);
    const TimePoint start = now();
    Inbox& inbox = inbox_[direction];
    const bool late = inbox.sent_at.empty();
    doing_ = direction == kForward ? "waits for activation" : "waits for gradient";
    Signal done;
    context_.network.receive(context_.placement[static_cast<std::size_t>(rank_)],
                             context_.placement[static_cast<std::size_t>(peer)], message_tag(micro_batch, direction),
                             done.completion());
    co_await done;
    const CollectiveEntries::Last cause{peer, kMainLane, inbox.sent_at.front()};
    const TimePoint ready = late ? cause.at : start;
    inbox.sent_at.pop_front();
    record(wait_span(SpanKind::bubble, GroupKind::none, doing_, start, ready, cause));
    record(wait_span(SpanKind::pipeline, GroupKind::none, doing_, ready, now(), cause));
    ++totals_.messages_received;
    totals_.bytes_received += pipeline_message(context_.model, context_.plan);
    co_await run_list(context_.programs.message_gather);
}

void RankProgram::gradients_ready(Bytes size) {
    if (context_.plan.data_parallel == 1) {
        return;
    }
    buckets_reduced_.expect(1);
    buckets_waiting_.push_back(size);
    if (context_.plan.overlap_gradient_reduction) {
        start_next_bucket();
    }
}

void RankProgram::start_next_bucket() {
    if (bucket_running_ || buckets_waiting_.empty()) {
        return;
    }
    bucket_running_ = true;
    bucket_started_ = now();
    const Bytes size = buckets_waiting_.front();
    buckets_waiting_.pop_front();
    const CollectiveOp op = context_.plan.zero_stage >= 1 ? CollectiveOp::reduce_scatter : CollectiveOp::all_reduce;
    bucket_call_ = context_.entries.enter(communicators_.data, static_cast<int>(place_.dp), rank_, kBesideLane, now());
    ++totals_.collectives_entered;
    card_.begin_collective();
    context_.network.collective(communicators_.data, static_cast<int>(place_.dp), {op, size, 0},
                                {&RankProgram::bucket_done, this, 0});
}

void RankProgram::bucket_done(void* context, std::uint64_t /*argument*/) {
    RankProgram& self = *static_cast<RankProgram*>(context);
    self.bucket_running_ = false;
    self.card_.end_collective();
    ++self.totals_.collectives_finished;
    self.totals_.data_busy += self.now() - self.bucket_started_;
    self.bucket_last_ = self.context_.entries.leave(self.communicators_.data, self.bucket_call_);
    self.record_beside(SpanKind::data, GroupKind::data, "gradient bucket", self.bucket_started_, self.now(),
                       self.bucket_last_);
    self.start_next_bucket();
    self.buckets_reduced_.completion()();  // last: may run the program on
}

Task RankProgram::reduce_gradients() {
    const GradientBuckets& sizes = buckets();
    const int tp = static_cast<int>(place_.tp);
    start_next_bucket();
    doing_ = "waits for gradient reduction";
    const TimePoint start = now();
    co_await buckets_reduced_;
    record(wait_span(SpanKind::data, GroupKind::data, "gradient reduction", start, now(), bucket_last_));
    if (sizes.norms.count() > 0) {
        co_await blocking_collective(communicators_.tensor, tp, {CollectiveOp::all_reduce, sizes.norms, 0},
                                     SpanKind::tensor, GroupKind::tensor, "norm gradients");
    }
    if (sizes.tied.count() > 0) {
        co_await blocking_collective(communicators_.tied, first_stage() ? 0 : 1,
                                     {CollectiveOp::all_reduce, sizes.tied, 0}, SpanKind::model, GroupKind::embedding,
                                     "tied embeddings");
    }
}

Task RankProgram::update() {
    const ParallelPlan& plan = context_.plan;
    const CollectiveCall scalar{CollectiveOp::all_reduce, Bytes{4}, 0};
    if (plan.clip_gradients && plan.tensor_parallel * plan.pipeline_parallel > 1) {
        const TimePoint start = now();
        doing_ = "waits for the gradient norm";
        Call& call = calls_[0];
        enter(call, communicators_.model, communicators_.model_rank, scalar);
        co_await call.done;
        const TimePoint last_entry = call.last.at;
        record(wait_span(SpanKind::bubble, GroupKind::model, "gradient norm", start, last_entry, call.last));
        record(wait_span(SpanKind::model, GroupKind::model, "gradient norm", last_entry, now(), call.last));
    }
    if (plan.clip_gradients && plan.zero_stage >= 1 && plan.data_parallel > 1) {
        co_await blocking_collective(communicators_.data, static_cast<int>(place_.dp), scalar, SpanKind::data,
                                     GroupKind::data, "gradient norm");
    }
    doing_ = "runs the optimizer";
    const TimePoint start = now();
    Signal done;
    card_.execute(adam_kernel(buckets().owned, Bytes{plan.weight_bytes}, Bytes{plan.gradient_bytes}),
                  done.completion());
    co_await done;
    context_.operator_time[context_.programs.optimizer_label] += now() - start;
    record(kernel_span(SpanKind::optimizer, "adam", start,
                       context_.optimizer_nature[static_cast<std::size_t>(place_.pp)]));
    if (plan.zero_stage >= 1 && plan.data_parallel > 1) {
        const TimePoint gather = now();
        co_await blocking_collective(communicators_.data, static_cast<int>(place_.dp),
                                     {CollectiveOp::all_gather, buckets().weights, 0}, SpanKind::data, GroupKind::data,
                                     "weight gather");
        totals_.data_busy += now() - gather;
    }
}

}  // namespace myriad
